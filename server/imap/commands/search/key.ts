/**
 * What SEARCH, SORT and THREAD look for (RFC 9051 §6.4.4; RFC 3501 §6.4.4 for NEW, OLD and RECENT; RFC 5032; RFC 7162
 * §3.1.5; RFC 8474 §6; RFC 8514 §4.3).
 *
 * search-key = "ALL" / "ANSWERED" / "BCC" SP astring / "BEFORE" SP date / "BODY" SP astring / "CC" SP astring /
 *              "DELETED" / "DRAFT" / "FLAGGED" / "FROM" SP astring / "HEADER" SP astring SP astring /
 *              "KEYWORD" SP flag-keyword / "LARGER" SP number64 / "NEW" / "NOT" SP search-key / "OLD" / "ON" SP date /
 *              "OR" SP search-key SP search-key / "RECENT" / "SEEN" / "SENTBEFORE" SP date / "SENTON" SP date /
 *              "SENTSINCE" SP date / "SINCE" SP date / "SMALLER" SP number64 / "SUBJECT" SP astring /
 *              "TEXT" SP astring / "TO" SP astring / "UID" SP sequence-set / "UNANSWERED" / "UNDELETED" / "UNDRAFT" /
 *              "UNFLAGGED" / "UNKEYWORD" SP flag-keyword / "UNSEEN" / sequence-set /
 *              "OLDER" SP nz-number / "YOUNGER" SP nz-number /
 *              "MODSEQ" [SP quoted SP ("priv" / "shared" / "all")] SP mod-sequence-valzer /
 *              "EMAILID" SP objectid / "THREADID" SP objectid / "SAVEDBEFORE" SP date / "SAVEDON" SP date /
 *              "SAVEDSINCE" SP date / "SAVEDATESUPPORTED" / "(" search-key *(SP search-key) ")"
 */
import { ImapError } from '../../errors.ts'
import type { Parser } from '../../syntax/parser.ts'
import type { SequenceSet } from '../../syntax/sequence-set.ts'

/** Texts are Unicode and look for themselves anywhere in what they are compared with, in any case; `''` is anywhere. */
export type SearchKey =
  | { readonly kind: 'all' }
  /** At least one. */
  | { readonly kind: 'and' | 'or'; readonly keys: readonly SearchKey[] }
  | { readonly kind: 'not'; readonly key: SearchKey }
  | { readonly kind: 'sequence' | 'uid'; readonly set: SequenceSet }
  | { readonly kind: 'flag'; readonly flag: string }
  /** Has `\Recent`. */
  | { readonly kind: 'recent' }
  /**
   * A header field of that name, in lower case, has the text in its decoded value; with `''` it is there at all. FROM,
   * TO, CC, BCC and SUBJECT are among these.
   */
  | { readonly kind: 'header'; readonly name: string; readonly text: string }
  /** In the decoded body, or there and in the header. */
  | { readonly kind: 'body' | 'text'; readonly text: string }
  /** `date` is the beginning of that day in +0000, in milliseconds since 1970; `sent` is the Date field. */
  | {
      readonly kind: 'date'
      readonly of: 'internal' | 'sent' | 'saved'
      readonly is: 'before' | 'on' | 'since'
      readonly date: number
    }
  /** The mailbox keeps save dates (RFC 8514 §4.3). */
  | { readonly kind: 'saveDateSupported' }
  | { readonly kind: 'size'; readonly is: 'larger' | 'smaller'; readonly octets: number }
  /** By INTERNALDATE (RFC 5032 §2). */
  | { readonly kind: 'age'; readonly is: 'older' | 'younger'; readonly seconds: number }
  /** At least that (RFC 7162 §3.1.5). The name of an entry is read and, since we keep none of those, left out. */
  | { readonly kind: 'modseq'; readonly modseq: number }
  | { readonly kind: 'emailId' | 'threadId'; readonly id: string }

/** NOT, OR and parentheses count too. */
export const MAX_SEARCH_KEYS = 500

/**
 * One or more keys with a space between them, as many as there are.
 *
 * @throws ImapError `NO [LIMIT]` where there are more than {@link MAX_SEARCH_KEYS}
 */
export function parseSearchKeys(parser: Parser): SearchKey {
  return new KeyParser(parser).keys()
}

const FIELDS: ReadonlyMap<string, string> = new Map(
  ['BCC', 'CC', 'FROM', 'SUBJECT', 'TO'].map(key => [key, key.toLowerCase()]),
)
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['ANSWERED', '\\Answered'],
  ['DELETED', '\\Deleted'],
  ['DRAFT', '\\Draft'],
  ['FLAGGED', '\\Flagged'],
  ['SEEN', '\\Seen'],
])
const DATES: ReadonlyMap<string, Pick<DateKey, 'of' | 'is'>> = new Map([
  ['BEFORE', { of: 'internal', is: 'before' }],
  ['ON', { of: 'internal', is: 'on' }],
  ['SINCE', { of: 'internal', is: 'since' }],
  ['SENTBEFORE', { of: 'sent', is: 'before' }],
  ['SENTON', { of: 'sent', is: 'on' }],
  ['SENTSINCE', { of: 'sent', is: 'since' }],
  ['SAVEDBEFORE', { of: 'saved', is: 'before' }],
  ['SAVEDON', { of: 'saved', is: 'on' }],
  ['SAVEDSINCE', { of: 'saved', is: 'since' }],
])

type DateKey = Extract<SearchKey, { kind: 'date' }>

/** Counts the keys. They cannot nest deeper than there are, so that NOT and OR need no limit of their own. */
class KeyParser {
  readonly #parser: Parser
  #count = 0

  constructor(parser: Parser) {
    this.#parser = parser
  }

  keys(): SearchKey {
    const keys = [this.#key()]
    while (this.#parser.accepts(' ')) {
      if (this.#parser.isAtEnd) break
      keys.push(this.#key())
    }
    return keys.length === 1 ? (keys[0] as SearchKey) : { kind: 'and', keys }
  }

  #key(): SearchKey {
    const parser = this.#parser
    if (++this.#count > MAX_SEARCH_KEYS) throw new ImapError('NO', 'too many search keys', 'LIMIT')
    if (parser.accepts('(')) {
      return parser.nested(() => {
        const key = this.keys()
        parser.expect(')')
        return key
      })
    }
    if (parser.seesDigit || parser.sees('*') || parser.sees('$')) {
      return { kind: 'sequence', set: parser.sequenceSet() }
    }
    const at = parser.at
    return this.#named(parser.word(), at)
  }

  #named(word: string, at: number): SearchKey {
    const field = FIELDS.get(word)
    if (field !== undefined) return { kind: 'header', name: field, text: this.#text() }
    const date = DATES.get(word)
    if (date) return { kind: 'date', ...date, date: this.#argument().date() }
    const flag = FLAGS.get(word)
    if (flag !== undefined) return { kind: 'flag', flag }
    const missing = word.startsWith('UN') && FLAGS.get(word.slice(2))
    if (missing) return not({ kind: 'flag', flag: missing })
    switch (word) {
      case 'ALL':
        return { kind: 'all' }
      case 'BODY':
        return { kind: 'body', text: this.#text() }
      case 'TEXT':
        return { kind: 'text', text: this.#text() }
      case 'HEADER':
        return { kind: 'header', name: this.#text().toLowerCase(), text: this.#text() }
      case 'KEYWORD':
        return { kind: 'flag', flag: this.#keyword() }
      case 'UNKEYWORD':
        return not({ kind: 'flag', flag: this.#keyword() })
      case 'NEW':
        return { kind: 'and', keys: [{ kind: 'recent' }, not({ kind: 'flag', flag: '\\Seen' })] }
      case 'OLD':
        return not({ kind: 'recent' })
      case 'RECENT':
        return { kind: 'recent' }
      case 'NOT':
        return not(this.#operand())
      case 'OR':
        return or(this.#operand(), this.#operand())
      case 'UID':
        return { kind: 'uid', set: this.#argument().sequenceSet() }
      case 'LARGER':
        return { kind: 'size', is: 'larger', octets: this.#argument().number64() }
      case 'SMALLER':
        return { kind: 'size', is: 'smaller', octets: this.#argument().number64() }
      case 'OLDER':
        return { kind: 'age', is: 'older', seconds: this.#argument().nzNumber() }
      case 'YOUNGER':
        return { kind: 'age', is: 'younger', seconds: this.#argument().nzNumber() }
      case 'MODSEQ':
        return { kind: 'modseq', modseq: this.#modseq() }
      case 'EMAILID':
        return { kind: 'emailId', id: this.#objectId() }
      case 'THREADID':
        return { kind: 'threadId', id: this.#objectId() }
      case 'SAVEDATESUPPORTED':
        return { kind: 'saveDateSupported' }
      default:
        return this.#parser.fail('there is no such search key', at)
    }
  }

  #argument(): Parser {
    this.#parser.space()
    return this.#parser
  }

  #operand(): SearchKey {
    this.#parser.space()
    return this.#key()
  }

  #text(): string {
    return this.#argument().astring()
  }

  #keyword(): string {
    const parser = this.#argument()
    if (parser.sees('\\')) parser.fail('expected a keyword')
    return parser.flag()
  }

  #modseq(): number {
    const parser = this.#argument()
    if (parser.sees('"')) {
      const at = parser.at
      if (!/^\/flags\/./.test(parser.string())) parser.fail('there is no such entry', at)
      parser.space()
      parser.oneOf(['PRIV', 'SHARED', 'ALL'], 'priv, shared or all')
      parser.space()
    }
    return parser.number64()
  }

  /** RFC 8474 §7. */
  #objectId(): string {
    const parser = this.#argument()
    const at = parser.at
    const id = parser.atom()
    return /^[A-Za-z0-9_-]{1,255}$/.test(id) ? id : parser.fail('expected an object id', at)
  }
}

function not(key: SearchKey): SearchKey {
  return key.kind === 'not' ? key.key : { kind: 'not', key }
}

/** One flat list of a chain such as `OR a OR b c`, which clients make long. */
function or(left: SearchKey, right: SearchKey): SearchKey {
  const alternatives = (key: SearchKey) => (key.kind === 'or' ? key.keys : [key])
  return { kind: 'or', keys: [...alternatives(left), ...alternatives(right)] }
}
