/** What MAIL or RCPT said. Parameters by upper-case keyword; `true` where there is no value. */
export type PathCommand = {
  readonly address: string
  readonly args: Record<string, string | true> | false
  /** A keyword that was given more than once; it is part of the reply. */
  readonly duplicate?: string
}

/** RFC 5321 §4.1.2: esmtp-keyword, which has no limit there; a line of a reply has one (§4.5.3.1.5). */
const KEYWORD = /^[A-Z0-9][A-Z0-9-]{0,63}$/

/**
 * Reads the line of a MAIL or RCPT command (RFC 5321 §4.1.1.2, §4.1.1.3). Undefined where it cannot be read.
 *
 * Far more liberal than the grammar, since Mailcatch shows what an app sends: any local part, quoted or not, in UTF-8
 * or not, any domain or none, a path without its angle brackets. The address is kept as it was given, with its case,
 * its quotes, its `xn--`; only a source route is left out, as RFC 5321 appendix C wants. Parameter values stay xtext
 * (RFC 3461 §4). Control characters are refused, and white space outside of quotes.
 */
export function readPathCommand(
  verb: 'MAIL FROM' | 'RCPT TO',
  line: string,
): PathCommand | undefined {
  const opening = /^\s*(\S+)\s+(FROM|TO)\s*:\s*/i.exec(line)
  if (!opening || `${opening[1]} ${opening[2]}`.toUpperCase() !== verb) return undefined
  const rest = line.slice(opening[0].length).trimEnd()
  if (/[\u0000-\u001f\u007f-\u009f]/.test(rest)) return undefined

  const isBracketed = rest.startsWith('<')
  const end = endOfPath(rest, isBracketed)
  if (end < 0) return undefined
  const path = isBracketed ? rest.slice(1, end - 1) : rest.slice(0, end)
  const parameters = rest.slice(end)
  if (parameters !== '' && !parameters.startsWith(' ')) return undefined
  return { address: withoutRoute(path), ...readParameters(parameters) }
}

/** The index just behind the path, or -1 where it does not end. */
function endOfPath(text: string, isBracketed: boolean): number {
  let isQuoted = false
  for (let index = isBracketed ? 1 : 0; index < text.length; index++) {
    const character = text[index]
    if (isQuoted && character === '\\') index++
    else if (character === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (character === '>') return isBracketed ? index + 1 : -1
    else if (character === '<') return -1
    else if (character === ' ') return isBracketed ? -1 : index
  }
  return isBracketed || isQuoted || text === '' ? -1 : text.length
}

/** `@a.example,@b.example:user@example.com` is `user@example.com`. */
function withoutRoute(path: string): string {
  const colon = path.startsWith('@') ? path.indexOf(':') : -1
  return path.slice(colon + 1)
}

function readParameters(text: string): Pick<PathCommand, 'args' | 'duplicate'> {
  const args: Record<string, string | true> = {}
  let duplicate: string | undefined
  for (const parameter of text.split(' ')) {
    if (parameter === '') continue
    const equals = parameter.indexOf('=')
    const keyword = (equals < 0 ? parameter : parameter.slice(0, equals)).toUpperCase()
    if (Object.hasOwn(args, keyword) && KEYWORD.test(keyword)) duplicate ??= keyword
    // `KEY=` is the same as `KEY`: smtp-server answers 501 where a value is wanted.
    args[keyword] = (equals < 0 ? '' : parameter.slice(equals + 1)) || true
  }
  return {
    args: Object.keys(args).length > 0 && args,
    ...(duplicate !== undefined && { duplicate }),
  }
}
