import { apop, auth, pass, stls, user, utf8 } from './authorization.ts'
import { capa } from './capabilities.ts'
import type { Command } from './command.ts'
import { quit } from './quit.ts'
import { dele, list, noop, retr, rset, stat, top, uidl } from './transaction.ts'

/** Every command, in the order of RFC 1939; those of extensions after them. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['QUIT', quit],
  ['STAT', stat],
  ['LIST', list],
  ['RETR', retr],
  ['DELE', dele],
  ['NOOP', noop],
  ['RSET', rset],
  ['TOP', top],
  ['UIDL', uidl],
  ['USER', user],
  ['PASS', pass],
  ['APOP', apop],
  ['CAPA', capa],
  ['STLS', stls],
  ['AUTH', auth],
  ['UTF8', utf8],
])
