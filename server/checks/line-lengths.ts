/** Lines that are told apart; there may be a million. */
const MOST = 10_000

/**
 * The numbers, from 1, of lines of more than 998 octets anywhere, and of header lines of 79 to 998 (RFC 5322 §2.1.1), line
 * ends not counted.
 */
export function longLines(
  raw: Buffer,
  bodyStart: number,
): { readonly tooLong: readonly number[]; readonly long: readonly number[] } {
  const tooLong: number[] = []
  const long: number[] = []
  let line = 1
  for (let at = 0; at < raw.length && tooLong.length < MOST; line++) {
    const next = raw.indexOf(0x0a, at)
    const end = next === -1 ? raw.length : next
    const length = end - at - (raw[end - 1] === 0x0d && end > at ? 1 : 0)
    if (length > 998) tooLong.push(line)
    else if (length > 78 && at < bodyStart && long.length < MOST) long.push(line)
    at = end + 1
  }
  return { tooLong, long }
}
