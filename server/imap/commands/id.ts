/**
 * ID tells the other side what program one is (RFC 2971 §3.1).
 *
 * id = "ID" SP ("NIL" / "(" [string SP nstring *(SP string SP nstring)] ")")
 */

import { version } from '../../version.ts'
import type { Call } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { printString } from '../syntax/print.ts'

export type IdArguments = {
  /** By lower-case name, in order; empty for NIL. */
  readonly fields: ReadonlyMap<string, string | null>
}

/** RFC 2971 §3.3: more, or longer, must not be sent. Characters. */
const LIMITS = { fields: 30, name: 30, value: 1_024 } as const

export function parseId(parser: Parser): IdArguments {
  parser.space()
  if (parser.acceptsWord('NIL')) return { fields: new Map() }
  const pairs = parser.list(() => {
    const name = parser.string().toLowerCase()
    parser.space()
    const value = parser.nstring()
    if (name.length > LIMITS.name) parser.fail('a name of ID is too long')
    if (value !== null && value.length > LIMITS.value) parser.fail('a value of ID is too long')
    return [name, value] as const
  })
  if (pairs.length > LIMITS.fields) parser.fail(`ID has more than ${LIMITS.fields} fields`)
  return { fields: new Map(pairs) }
}

/** Tells who we are, and notes who the client is. */
export function runId({ session }: Call, { fields }: IdArguments): undefined {
  const name = fields.get('name')
  if (name) {
    const client = [name, fields.get('version')].filter(Boolean).join(' ')
    session.options.log.info(`IMAP: ${session.connection.peer} is ${client}`)
  }
  session.output.untagged(`ID ("name" "Mailcatch" "version" ${printString(version)})`)
}
