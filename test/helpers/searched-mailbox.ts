import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCommand } from '../../server/imap/command.ts'
import type { SearchView } from '../../server/imap/commands/search/condition.ts'
import type { SearchContext } from '../../server/imap/commands/search/find.ts'
import { SavedSearch } from '../../server/imap/commands/search/saved-search.ts'
import { search } from '../../server/imap/commands/search/search.ts'
import { sort } from '../../server/imap/commands/search/sort.ts'
import { thread } from '../../server/imap/commands/search/thread.ts'
import { positionsOfUids } from '../../server/imap/syntax/sequence-set.ts'
import type { Account } from '../../server/store/account.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import { commandText } from './command-text.ts'
import { usualStore } from './store.ts'

/** Text as it is sent, an octet to a character. */
export const octets = (text: string): string => Buffer.from(text).toString('latin1')

/** Messages as a client knows them, ascending UIDs. */
export const viewOf = (uids: readonly number[]): SearchView => ({
  count: uids.length,
  uidAt: sequenceNumber => uids[sequenceNumber - 1],
  sequenceNumberOf: uid => {
    const [span] = positionsOfUids([{ first: uid, last: uid }], uids)
    return span && span.start + 1
  },
})

/** A mailbox of a store of its own, on disk, and a client that searches in it. */
export class SearchedMailbox {
  readonly store: MailStore
  readonly account: Account
  mailbox: Mailbox
  readonly saved = new SavedSearch()
  readonly recent = new Set<number>()
  readonly log: string[]
  /** What the client knows; where null, all that is there. */
  known: readonly number[] | null = null
  isRev2 = false
  now: number | undefined
  /** The data directory. */
  readonly directory: string
  readonly #folder: string

  private constructor(store: MailStore, directory: string, folder: string, log: string[]) {
    this.directory = directory
    this.store = store
    this.account = store.mailboxes.open('')
    this.mailbox = this.account.inbox
    this.#folder = folder
    this.log = log
  }

  /** In a folder of its own, unless there is another. */
  static async open(other?: string): Promise<SearchedMailbox> {
    const folder = await mkdtemp(join(tmpdir(), 'mailcatch-search-'))
    const directory = other ?? folder
    const log: string[] = []
    const store = await MailStore.open({
      ...usualStore,
      directory,
      maxMessages: 1_000_000,
      maxBytes: 1024 ** 4,
      maxMessageSize: 50 * 1024 ** 2,
      log: line => log.push(line),
    })
    return new SearchedMailbox(store, directory, folder, log)
  }

  /** Appends a message; resolves with its UID. */
  async add(
    raw: string | Uint8Array,
    options: { readonly flags?: readonly string[]; readonly internalDate?: number } = {},
  ): Promise<number> {
    const arrival = await this.store.append(this.mailbox, {
      flags: [],
      listener: 'imap',
      ...options,
    })
    await arrival.write(Buffer.from(raw))
    return (await arrival.commit()).number
  }

  /** Resolves when every message is parsed. */
  async parsed(): Promise<void> {
    for (const { message } of this.mailbox.entries.ascending()) await this.store.contentOf(message)
  }

  /** The UIDs that match search keys. */
  async uids(keys: string): Promise<readonly number[]> {
    const [line = ''] = (await this.run(`UID SEARCH ${keys}`)).split('\r\n')
    return line.split(' ').slice(2).map(Number)
  }

  /** What is answered to a command, before the tagged response. */
  async run(command: string, signal = new AbortController().signal): Promise<string> {
    const context: SearchContext = {
      store: this.store,
      mailbox: this.mailbox,
      view: viewOf(this.known ?? this.mailbox.entries.numbers()),
      saved: this.saved,
      isRecent: uid => this.recent.has(uid),
      signal,
      ...(this.now !== undefined && { now: this.now }),
    }
    const parsed = parseCommand(commandText(`a1 ${octets(command)}`))
    const pieces = async (): Promise<Iterable<string>> => {
      switch (parsed.name) {
        case 'SEARCH':
        case 'UID SEARCH':
          return search(parsed.args, context, { commandTag: 'a1', isRev2: this.isRev2 })
        case 'SORT':
        case 'UID SORT':
          return sort(parsed.args, context)
        case 'THREAD':
        case 'UID THREAD':
          return thread(parsed.args, context)
        default:
          throw new Error(`no search: ${command}`)
      }
    }
    return [...(await pieces())].join('')
  }

  async close(): Promise<void> {
    this.store.mailboxes.close(this.account)
    await this.store.close()
    await rm(this.#folder, { recursive: true })
  }
}
