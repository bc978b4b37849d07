import type { Random } from '../helpers/random.ts'
import { addresses, entity, headerLines, html, prose, text } from './mail-text.ts'
import { several } from './several.ts'

// Mail as the checks look at it: HTML with much style, and the fields that say who signed and how to unsubscribe.

const utf8 = (value: string): string => Buffer.from(value).toString('latin1')

const COLOURS: readonly string[] = [
  ...['#fff', '#ffffff', '#12345678', '#ggg', 'black', 'transparent', 'currentcolor', 'inherit'],
  ...['rgb(1,2,3)', 'rgba(100% 0% 0% / 50%)', 'rgb(1e9,-1,NaN)', 'hsl(1,2%,3%)', 'var(--c)', ''],
  ...['rgb(255,255,255,0)', 'rgba(9.9.9, 1, 1, 9)', '__proto__', 'constructor', 'red red'],
]
const LENGTHS: readonly string[] = [
  ...['0', '1px', '600px', '10pt', '1.5em', '1e9rem', '.5%', '-1px', 'small', 'calc(1px + 2%)', ''],
]
const URLS: readonly string[] = [
  ...[
    'http://example.com/a.png',
    'https://example.com/',
    '//x',
    'cid:a@b',
    'cid:%41%',
    'mailto:a@b',
  ],
  ...['data:image/png;base64,AAAA', 'data:,', 'javascript:1', 'https://[', '#top', '#', '', 'a b'],
  ...[utf8('https://bücher.de/😀'), 'https://example.com.evil.example/x.webp?y#z', 'tel:1'],
]

const declaration = (random: Random): string => {
  const property = random.pick([
    ...[
      'color',
      'background',
      'background-color',
      'background-image',
      'font',
      'font-size',
      'width',
    ],
    ...['font-weight', 'display', 'visibility', 'opacity', 'max-height', 'mso-hide', 'position'],
    ...['--c', '*zoom', 'border-radius', 'COLOR', '__proto__', '', '-webkit-x', 'aspect-ratio'],
  ])
  const value = several(
    random,
    3,
    () =>
      random.pick([
        () => random.pick(COLOURS),
        () => random.pick(LENGTHS),
        () => `url(${random.pick(['', '"', "'"])}${random.pick(URLS)}${random.pick(['', '"'])})`,
        () => `linear-gradient(${random.pick(COLOURS)}, ${random.pick(COLOURS)})`,
        () =>
          random.pick(['none', 'bold', '700', 'hidden', '!important', '"a\\', '(((', '}', '/*']),
      ])(),
    ' ',
  )
  return `${property}${random.pick([':', ':', ': ', ''])}${value}`
}

const declarations = (random: Random): string =>
  several(random, 4, () => declaration(random), random.pick([';', '; ', ';\r\n']))

const selector = (random: Random): string =>
  several(
    random,
    4,
    () =>
      random.pick([
        ...[
          'p',
          'td',
          '*',
          '.a',
          '.b',
          '#i',
          '[title="x"]',
          ':hover',
          '::before',
          ':nth-child(2n)',
        ],
        ...[' ', ' > ', ' + ', ' ~ ', ', ', '&', ':is(p, .a)', ':not(', utf8('é'), '\\', '|'],
      ]),
    '',
  )

const sheet = (random: Random, depth = 2): string =>
  several(random, 4, () => {
    const rule = `${selector(random)}{${declarations(random)}`
    const nested = depth > 0 && random.chance(0.3) ? sheet(random, depth - 1) : ''
    const at = random.pick([
      ...['@media (prefers-color-scheme: dark)', '@media screen and (max-width:600px)'],
      ...['@font-face', '@import url(x)', '@supports (a:b)', '@keyframes k', '@charset "x";', '@'],
    ])
    return random.pick([
      `${rule}${nested}}\n`,
      `${rule}${nested}}\n`,
      `${at}{${rule}}${nested}}\n`,
      `/* ${text(random)} */`,
      `${rule}`,
      '<!-- -->',
    ])
  })

const ELEMENTS: readonly string[] = [
  ...['p', 'div', 'span', 'td', 'table', 'h1', 'h3', 'h6', 'a', 'a', 'img', 'img', 'b', 'font'],
  ...['html', 'body', 'head', 'title', 'ul', 'li', 'th', 'map', 'area', 'form', 'input', 'video'],
  ...['svg', 'button', 'center', 'picture', 'o:p', 'v:rect', 'br', 'hr', '__proto__', 'template'],
]

const attribute = (random: Random): string => {
  const [name, value] = random.pick([
    () => ['style', declarations(random)],
    () => ['style', declarations(random)],
    () => ['href', random.pick(URLS)],
    () => ['src', random.pick(URLS)],
    () => ['background', random.pick(URLS)],
    () => [random.pick(['bgcolor', 'color', 'text']), random.pick(COLOURS)],
    () => [random.pick(['width', 'height', 'border']), random.pick(LENGTHS)],
    () => [random.pick(['alt', 'title', 'aria-label']), random.pick([text(random), 'a.png', ''])],
    () => ['class', random.pick(['a', 'a b', 'MsoNormal'])],
    () => [random.pick(['id', 'lang', 'dir', 'role', 'hidden', 'srcset', 'usemap']), text(random)],
    () => [random.pick(['aria-hidden', 'target', 'onclick', 'align', '__proto__', '=']), 'x'],
  ])() as [string, string]
  const quote = random.pick(['"', '"', '"', "'", ''])
  return ` ${name}=${quote}${quote === '"' ? value.replaceAll('"', '&quot;') : value}${quote}`
}

const element = (random: Random, depth: number): string => {
  const name = random.pick(ELEMENTS)
  const tag = `<${name}${several(random, 4, () => attribute(random))}${random.pick(['>', '>', '/>'])}`
  const end = random.chance(0.85) ? `</${name}>` : ''
  return `${tag}${nodes(random, depth - 1)}${end}`
}

const nodes = (random: Random, depth = 4): string =>
  several(random, 4, () => {
    const kind = random.integer(10)
    if (kind < 5 && depth > 0) return element(random, depth)
    if (kind === 5) return `<style${random.pick(['', ' type=text/css'])}>${sheet(random)}</style>`
    if (kind === 6) return `<!--[if mso]>${html(random)}<![endif]-->`
    if (kind === 7) return html(random)
    return random.chance(0.2) ? utf8('😀'.repeat(random.integer(90))) : text(random)
  })

const DOMAINS: readonly string[] = [
  ...[
    'example.com',
    'mail.example.com',
    'other.example',
    '',
    utf8('bücher.de'),
    utf8('😀'.repeat(80)),
  ],
]

/** `tag=value; …` as in DKIM-Signature and its like. */
const tags = (random: Random): string =>
  several(
    random,
    10,
    () => {
      const tag = random.pick([
        ...['v', 'a', 'b', 'bh', 'c', 'd', 'd', 'h', 'h', 'i', 'l', 'q', 's', 't', 'x', 'z', 'cv'],
        ...['spf', 'dkim', 'client-ip', 'helo', '__proto__', 'toString', ''],
      ])
      const value = random.pick([
        () => random.pick(DOMAINS),
        () => random.pick(['1', '0', '99999999999', '-1', 'rsa-sha256', 'rsa-sha1', '1767323045']),
        () => random.pick(['From:To', 'from:list-unsubscribe:list-unsubscribe-post', 'to', ':::']),
        () => `@${random.pick(DOMAINS)}`,
        () => random.pick(['pass', 'fail (a; b)', 'none', '\r\n x', '=', ';;', utf8('é😀')]),
        () => text(random),
      ])()
      return `${tag}${random.pick(['=', '=', ' = ', ''])}${value}`
    },
    random.pick([';', '; ', ';\r\n\t']),
  )

const FIELDS: readonly ((random: Random) => string)[] = [
  random => `From: Ann <ann@${random.pick(DOMAINS)}>`,
  random => `DKIM-Signature: ${tags(random)}`,
  random => `DKIM-Signature: v=1; a=rsa-sha256; ${tags(random)}`,
  random => `Authentication-Results: ${random.pick(DOMAINS)}; ${tags(random)}`,
  random =>
    `${random.pick(['ARC-Seal', 'ARC-Message-Signature', 'ARC-Authentication-Results'])}: ` +
    `i=${random.pick(['1', '2', '51', '999', '-1', 'x'])}; ${tags(random)}`,
  random =>
    `Received-SPF: ${random.pick(['pass', 'Fail', 'softfail', '__proto__', ''])} ` +
    `${random.pick(['', '(a)', '(((', utf8('(😀)')])} ${tags(random)}`,
  random =>
    `List-Unsubscribe: ${several(random, 4, () => `${random.pick(['', '(c) '])}<${random.pick(URLS)}>`, ', ')}`,
  random =>
    `List-Unsubscribe-Post: ${random.pick(['List-Unsubscribe=One-Click', 'one-click', text(random)])}`,
  random =>
    `${random.pick(['List-Id', 'Precedence', 'Feedback-ID'])}: ${random.pick(['bulk', '<x>'])}`,
  random => `Reply-To: ${random.pick([addresses(random), utf8('x😀'.repeat(random.integer(90)))])}`,
  random => `Subject: ${random.pick([text(random), utf8('é😀'), '=?utf-8?q?=F0=9F=98?='])}`,
  random => headerLines(random, 1).trimEnd(),
]

const part = (random: Random, type: string, content: string): string => {
  const charset = random.pick(['utf-8', 'utf-8', 'utf-8', 'us-ascii', 'windows-1252', 'utf-16le'])
  const head = `Content-Type: ${type}; charset=${charset}\r\n`
  const octets = Buffer.from(content, 'latin1')
  switch (random.integer(4)) {
    case 0:
      return `${head}Content-Transfer-Encoding: base64\r\n\r\n${octets.toString('base64').replace(/.{76}/g, '$&\r\n')}`
    case 1:
      return (
        `${head}Content-Transfer-Encoding: quoted-printable\r\n\r\n` +
        content
          .replace(
            /[^ -<>-~\r\n]/g,
            octet => `=${octet.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
          )
          .replace(/[^\r\n]{60,72}(?==|[^\r\n]{3})/g, '$&=\r\n')
      )
    default:
      return `${head}\r\n${content}`
  }
}

const IMAGE =
  'Content-Type: image/png; name=a.png\r\nContent-ID: <a@b>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA'

/** A mail whose HTML and header fields give the checks something to find. */
export const htmlMail = (random: Random): string => {
  const fields = several(random, 8, () => `${random.pick(FIELDS)(random)}\r\n`)
  const page = part(random, 'text/html', nodes(random))
  if (random.chance(0.5)) return `${fields}${page}`
  const parts = [
    part(random, 'text/plain', prose(random)),
    page,
    ...(random.chance(0.3) ? [IMAGE] : []),
    ...(random.chance(0.2) ? [part(random, 'text/html', nodes(random))] : []),
    ...(random.chance(0.1) ? [entity(random, 1)] : []),
  ].map(each => `--b\r\n${each}\r\n`)
  const subtype = random.pick(['alternative', 'alternative', 'related', 'mixed'])
  return `${fields}Content-Type: multipart/${subtype}; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`
}
