import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type FetchItem, parseFetchItems } from '../../server/imap/commands/fetch/items.ts'
import { fetchResponse } from '../../server/imap/commands/fetch/response.ts'
import { Parser } from '../../server/imap/syntax/parser.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Entry } from '../../server/store/message.ts'
import { commandText } from './command-text.ts'
import { usualStore } from './store.ts'

/** A store in memory, until the test ends. */
export async function openStore(
  t: { after(end: () => Promise<void>): void },
  directory: string | null = null,
): Promise<MailStore> {
  const store = await MailStore.open({
    ...usualStore,
    directory,
    maxMessages: 100_000,
    maxMessageSize: 100 * 1024 ** 2,
  })
  t.after(() => store.close())
  return store
}

/** One character an octet. */
export async function deliver(store: MailStore, raw: Uint8Array | string): Promise<Entry> {
  const arrival = store.receive({ envelope: { mailFrom: '', rcptTo: ['a@b'] }, listener: 'smtp' })
  await arrival.write(typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw)
  return arrival.commit()
}

export type FetchOptions = {
  readonly isUtf8?: boolean
  readonly flags?: readonly string[]
  readonly sequenceNumber?: number
}

/** What comes after the message set of FETCH. */
export const itemsOf = (text: string): readonly FetchItem[] =>
  parseFetchItems(new Parser(commandText(text)))

/** The octets of the response for one message. */
export const fetchOctets = (
  store: MailStore,
  entry: Entry,
  items: string,
  { isUtf8 = false, flags, sequenceNumber = 1 }: FetchOptions = {},
): Promise<Buffer> => {
  const request = { store, items: itemsOf(items), isUtf8, entry, sequenceNumber, flags }
  return buffer(Readable.from(fetchResponse(request), { objectMode: true }).map(toOctets))
}

const toOctets = (piece: string | Buffer): Buffer => Buffer.from(piece)

/** The same as its items, by their names. */
export const fetched = async (
  store: MailStore,
  entry: Entry,
  items: string,
  options: FetchOptions = {},
): Promise<ReadonlyMap<string, Value>> =>
  readFetchResponse(await fetchOctets(store, entry, items, options), options)

/** The value of the one item that is asked for. */
export const fetchOne = async (
  store: MailStore,
  entry: Entry,
  item: string,
  options: FetchOptions = {},
): Promise<Value> => {
  const values = [...(await fetched(store, entry, item, options)).values()]
  if (values.length !== 1) throw new Error(`${values.length} items came for ${item}`)
  return values[0] as Value
}

/** The octets of a section. */
export const fetchSection = async (
  store: MailStore,
  entry: Entry,
  item: string,
): Promise<Buffer> => {
  const value = await fetchOne(store, entry, item)
  if (Buffer.isBuffer(value)) return value
  throw new Error(`${item} is no string`)
}

/** Strings as octets, atoms and numbers as text, NIL as null. */
export type Value = Buffer | string | null | readonly Value[]

/** A value that is easily compared. */
export type Plain = string | null | readonly Plain[]

/**
 * Reads one FETCH response as strictly as RFC 9051 §9 has it: no character that is not allowed where it stands, no space
 * too many, nothing before or after it.
 */
export function readFetchResponse(
  octets: Buffer,
  { isUtf8 = false, sequenceNumber = 1 }: FetchOptions = {},
): ReadonlyMap<string, Value> {
  const text = octets.toString('latin1')
  let at = 0
  const fail = (expected: string): never => {
    const near = JSON.stringify(text.slice(Math.max(at - 60, 0), at + 60))
    throw new SyntaxError(`expected ${expected} at octet ${at}, near ${near}`)
  }
  const accept = (characters: string): boolean => {
    if (!text.startsWith(characters, at)) return false
    at += characters.length
    return true
  }
  const expect = (characters: string): void => {
    if (!accept(characters)) fail(JSON.stringify(characters))
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    at += found?.length ?? 0
    return found
  }

  const string = (mayBeBinary: boolean): Buffer | undefined => {
    const quoted = take(isUtf8 ? QUOTED_UTF8 : QUOTED)
    if (quoted !== undefined) {
      return Buffer.from(quoted.slice(1, -1).replace(/\\(.)/g, '$1'), 'latin1')
    }
    const head = take(/~?\{\d{1,10}\}\r\n/y)
    if (head === undefined) return undefined
    const isBinary = head.startsWith('~')
    const length = Number(/\d+/.exec(head)?.[0])
    const literal = octets.subarray(at, at + length)
    if (literal.length < length) fail('a whole literal')
    if (isBinary && !mayBeBinary) fail('a literal that is not binary')
    if (!isBinary && literal.includes(0)) fail('a literal without NUL')
    at += length
    return literal
  }
  const value = (mayBeBinary: boolean): Value => {
    if (accept('(')) {
      const list: Value[] = []
      if (accept(')')) return list
      for (;;) {
        list.push(value(false))
        if (accept(')')) return list
        // RFC 9051 §9: addresses of an ENVELOPE and parts of a multipart follow each other without a space.
        const isAdjacent = Array.isArray(list.at(-1)) && text[at] === '('
        if (!isAdjacent) expect(' ')
      }
    }
    const octets = string(mayBeBinary)
    if (octets !== undefined) return octets
    const atom = take(/\\?[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y) ?? fail('a value')
    return atom === 'NIL' ? null : atom
  }
  const name = (): string => {
    const start = at
    if (take(/[A-Z][A-Z0-9.]*/y) === undefined) fail('the name of an item')
    if (accept('[')) {
      take(/[0-9.]*[A-Z.]*/y)
      if (accept(' ')) value(false)
      expect(']')
      take(/<\d+>/y)
    }
    return text.slice(start, at)
  }

  expect(`* ${sequenceNumber} FETCH (`)
  const items = new Map<string, Value>()
  do {
    const key = name()
    expect(' ')
    if (items.has(key)) fail(`${key} once`)
    items.set(key, value(key.startsWith('BINARY[')))
  } while (accept(' '))
  expect(')\r\n')
  if (at < text.length) fail('nothing more')
  return items
}

const QUOTED = /"(?:[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]|\\["\\])*"/y
/** UTF-8 beside it, here as octets. */
const QUOTED_UTF8 = /"(?:[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\xff]|\\["\\])*"/y

/** A value with its strings as text, one character an octet: atoms and strings look the same. */
export function plain(value: Value): Plain {
  if (value === null || typeof value === 'string') return value
  return Buffer.isBuffer(value) ? value.toString('latin1') : value.map(plain)
}
