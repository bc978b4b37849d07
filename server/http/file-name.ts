/** Names of files that somebody sent, or that are made of a subject: text, and never a path. */

/** Names that are devices on Windows, whatever follows behind a dot, and with any spaces before that. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(?:\.|$))/i
/** Octets of a name in UTF-8 within a header field. */
const MOST_OCTETS = 1_000
/** The same for a file: file systems end at 255, and some programs add to it. */
const MOST_PORTABLE_OCTETS = 180
/** Of these the extension, beyond which it is none. */
const MOST_EXTENSION = 20

/** No path, no device, no control or bidi character, no dot in front, no space or dot at the end; never empty. */
export function cleanFileName(name: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:]/g, '_')
    .replace(/^[\s.]+/, '')
  return shorten(withoutEnd(clean).replace(DEVICE, '_$&'), MOST_OCTETS) || 'attachment'
}

/** No space or dot at the end. Character by character: `[\s.]+$` would be quadratic. */
function withoutEnd(name: string): string {
  let end = name.length
  while (end > 0 && /[\s.]/.test(name[end - 1] as string)) end--
  return name.slice(0, end)
}

/** A name that every file system takes: besides, none of Windows' special characters, and not too long. */
export function portableFileName(name: string): string {
  const clean = cleanFileName(name.normalize('NFC')).replace(/[<>"|?*]/g, '_')
  return shorten(clean, MOST_PORTABLE_OCTETS)
}

/** The stem is cut, the extension is kept: no length of a name may turn it into a file of another kind. */
function shorten(name: string, most: number): string {
  const { stem, extension } = splitName(name)
  const short = withoutEnd(cut(stem, most - Buffer.byteLength(extension)))
  if (extension !== '') return `${short || '_'}${extension}`
  return splitName(short).extension === '' ? short : short.replaceAll('.', '_')
}

function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.')
  const isExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= MOST_EXTENSION
  return isExtension
    ? { stem: name.slice(0, dot), extension: name.slice(dot) }
    : { stem: name, extension: '' }
}

/** Cut before the character that would pass `most` octets. */
function cut(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  let short = ''
  let octets = 0
  for (const character of text) {
    octets += Buffer.byteLength(character)
    if (octets > most) break
    short += character
  }
  return short
}

/** The names of one folder: portable, and none twice, also where case does not count. */
export class FileNames {
  readonly #taken = new Set<string>()

  take(wanted: string): string {
    const name = portableFileName(wanted)
    const { stem, extension } = splitName(name)
    let free = name
    for (let count = 2; this.#taken.has(free.toLowerCase()); count++) {
      free = `${stem} (${count})${extension}`
    }
    this.#taken.add(free.toLowerCase())
    return free
  }
}
