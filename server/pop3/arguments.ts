import { isUtf8 } from 'node:buffer'
import { BadCommand, Pop3Error } from './reply.ts'

/** For commands without arguments. */
export function readNothing(argument: Buffer): void {
  if (words(argument).length > 0) throw new BadCommand('no argument is wanted')
}

/** A message number; null where it may be left out and is. */
export function readOptionalNumber(argument: Buffer): number | null {
  return words(argument).length === 0 ? null : readNumber(argument)
}

export function readNumber(argument: Buffer): number {
  const [number, ...more] = words(argument)
  if (number === undefined || more.length > 0) throw new BadCommand('one message number is wanted')
  return messageNumber(number)
}

/** TOP's: a message number, and how many lines. */
export function readNumberAndLines(argument: Buffer): readonly [number: number, lines: number] {
  const [number, lines, ...more] = words(argument)
  if (number === undefined || lines === undefined || more.length > 0) {
    throw new BadCommand('a message number and a number of lines are wanted')
  }
  if (!/^\d{1,10}$/.test(lines)) throw new BadCommand('that is no number of lines')
  return [messageNumber(number), Number(lines)]
}

/** Names and passwords; they may hold spaces. */
export function readText(argument: Buffer): string {
  if (argument.length === 0) throw new BadCommand('an argument is wanted')
  // RFC 6856 §2.2: "MUST reject UTF-8 usernames or passwords that fail to comply with the formal syntax".
  if (!isUtf8(argument)) throw new Pop3Error('names and passwords are UTF-8', 'AUTH')
  return argument.toString('utf8')
}

function messageNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new BadCommand('that is no message number')
  return Number(text)
}

const words = (argument: Buffer): string[] =>
  argument
    .toString('latin1')
    .split(' ')
    .filter(word => word !== '')
