const hex = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(2, '0')
const encoded = (text: string): string => text.replaceAll(/[^/]/g, letter => `%${hex(letter)}`)
const doubled = (text: string): string => text.replaceAll(/[^/]/g, letter => `%25${hex(letter)}`)

/**
 * Other spellings of a path, all of which some server or router takes for it: what attacks on a check that looks at
 * the text of a path are made of. None is the path itself, each begins with `/`.
 */
export function spellings(path: string): readonly string[] {
  const found = new Set([
    ...[...everyLetter(path, letter => `%${hex(letter)}`)],
    ...[...everyLetter(path, letter => `%${hex(letter).toUpperCase()}`)],
    ...[...everyLetter(path, letter => letter.toUpperCase())],
    ...everySlash(path),
    encoded(path),
    doubled(path),
    path.replace(
      /^(.*?)([^/])/,
      (_, before: string, letter: string) => `${before}%25${hex(letter)}`,
    ),
    path.toUpperCase(),
    `/x/..${path}`,
    `/livez/..${path}`,
    `/livez/..;${path}`,
    `/livez%2f..${path}`,
    `/assets/%2e%2e${path}`,
    `/..${path}`,
    `/.${path}`,
    `/%2e${path}`,
    `/${path}`,
    `//${path}`,
    `/%c0%ae%c0%ae${path}`,
    `/\\${path.slice(1)}`,
    ...[
      '/',
      '//',
      '/.',
      '/..',
      '.',
      '..',
      '%20',
      '%00',
      '%0a',
      '%2e',
      '%2f',
      '\\',
      ';',
      ';x=1',
      '~',
    ].map(end => path + end),
    ...[
      '%00/livez',
      '%3f/livez',
      '#/livez',
      '%23/livez',
      ';/livez',
      '/../livez',
      '.js',
      '.css',
    ].map(end => path + end),
  ])
  found.delete(path)
  return [...found]
}

/** The path as often as it has letters and digits, each time with one of them changed. */
function* everyLetter(path: string, change: (letter: string) => string): Generator<string> {
  for (const { 0: letter, index } of path.matchAll(/[\w.-]/g)) {
    yield path.slice(0, index) + change(letter) + path.slice(index + 1)
  }
}

/** Each slash but the first as other things that some take for a slash, and with what leads nowhere behind it. */
function* everySlash(path: string): Generator<string> {
  for (const { index } of path.matchAll(/\//g)) {
    const before = path.slice(0, index)
    const after = path.slice(index + 1)
    for (const slash of ['//', '/./', '/x/../', '/%2e/', ';/', '/;/', '%00/']) {
      if (index > 0 || slash.startsWith('/')) yield before + slash + after
    }
    if (index > 0)
      for (const slash of ['%2f', '%2F', '%5c', '%252f', '\\']) yield before + slash + after
  }
}
