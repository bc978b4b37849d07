import type { Address, MessagePatch, MessageSummary } from '../server/http/resources.ts'
import { fold, readTerms, type Term } from './query-terms.ts'

/** Whether one of the texts is what a value asks for; undefined where only the server can tell. */
const among = (texts: readonly string[], value: string, isWhole: boolean): boolean | undefined => {
  const angled = /^<(.+)>$/s.exec(value)?.[1]
  const wanted = fold(angled ?? value)
  if (wanted === '' || /[*\\]|^\//.test(wanted)) return undefined
  return isWhole || angled !== undefined
    ? texts.some(text => fold(text) === wanted)
    : texts.some(text => fold(text).includes(wanted))
}

const namesOf = (addresses: readonly Address[]): readonly string[] =>
  addresses.flatMap(({ name, address }) => [name, address])

const stateOf = (value: string, row: MessageSummary): boolean | undefined => {
  switch (value) {
    case 'read':
      return !row.unread
    case 'unread':
      return row.unread
    case 'flagged':
      return row.flagged
    case 'tagged':
      return row.tags.length > 0
    default:
      return undefined
  }
}

/** A word may be in the text too, of which a row has only the beginning: it is found here or left to the server. */
const word = (value: string, row: MessageSummary): true | undefined =>
  among([row.subject, ...namesOf(row.from), ...namesOf(row.to), ...row.rcptTo], value, false) ||
  undefined

const holds = ({ operator, value, depth }: Term, row: MessageSummary): boolean | undefined => {
  if (depth > 0) return undefined
  switch (operator) {
    case '':
      return word(value, row)
    case 'from':
      return among(namesOf(row.from), value, false)
    case 'to':
      return among(namesOf(row.to), value, false)
    case 'rcpt':
      return among(row.rcptTo, value, false)
    case 'subject':
      return among([row.subject], value, false)
    case 'tag':
      return among(row.tags, value, true)
    case 'is':
      return stateOf(value, row)
    case 'has':
      return value === 'attachment' && row.parsed !== false ? row.attachments > 0 : undefined
    default:
      return undefined
  }
}

/** Whether a search finds a message; undefined where its row does not tell. */
export const matches = (q: string, row: MessageSummary): boolean | undefined => {
  const { terms, hasChoice, isBalanced } = readTerms(q)
  if (hasChoice || !isBalanced) return undefined
  let result: boolean | undefined = true
  for (const term of terms) {
    const found = holds(term, row)
    if (found === undefined) result = undefined
    else if (found === term.isNegated) return false
  }
  return result
}

/** Whether messages that are changed so may be found by a search that did not find them before. */
export const mayBringIn = (q: string, patch: MessagePatch): boolean =>
  readTerms(q).terms.some(({ operator, value }) => {
    if (operator === 'tag') return patch.tags !== undefined
    if (operator !== 'is') return false
    if (value === 'tagged') return patch.tags !== undefined
    if (value === 'flagged') return patch.flagged !== undefined
    return patch.unread !== undefined
  })
