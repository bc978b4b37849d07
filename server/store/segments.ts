import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Account } from './account.ts'
import { blockOf } from './entries.ts'
import { type DerivedRecord, type EntryRecord, toDerivedRecord, toRecord } from './entry-record.ts'
import { writeIdSet } from './id-set.ts'
import { type JsonFileOptions, jsonFile } from './json-file.ts'
import type { Mailbox } from './mailbox.ts'
import type { Entry } from './message.ts'
import { blockName } from './raw-files.ts'
import { schema } from './schema.ts'
import type { Checkpoints } from './state.ts'
import type { StoreFs } from './store-fs.ts'

/** The lowdb file of a block of a mailbox. */
export type Segment = {
  schema: number
  /** The transaction up to which it is. */
  lsn: number
  entries: (EntryRecord | DerivedRecord)[]
  /** Of the INBOX of an address: the UIDs that were expunged there and not in the catch-all. */
  hidden?: string
}

/** `accounts/7/mailboxes.json`. */
export type AccountDocument = {
  schema: number
  lsn: number
  name: string
  nextMailbox: number
  mailboxes: {
    number: number
    name: string
    uidValidity: number
    uidNext: number
    specialUse: string | undefined
  }[]
  subscriptions: string[]
}

/** Milliseconds. What a kill -9 finds unwritten is read from the raw files and the log again. */
const flushDelay = 2_000

/**
 * The index on disk: a lowdb file for each account, and for each block of a thousand UIDs of a mailbox; checkpoints
 * of what the raw files and the change log say. Flushed in the background, only what changed, one at a time: never in
 * the way of an acknowledgement.
 */
export class Segments implements Checkpoints {
  readonly #fs: StoreFs
  readonly #directory: string
  readonly #options: JsonFileOptions
  readonly #lsn: () => number
  readonly #blocks = new Map<Mailbox, Set<number>>()
  readonly #accounts = new Set<Account>()
  readonly #dropped = new Set<Mailbox>()
  readonly #droppedAccounts = new Set<Account>()
  #flushing: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #isOpen = false

  /** `lsn` tells up to which transaction the entries are. */
  constructor(fs: StoreFs, directory: string, lsn: () => number, options: JsonFileOptions) {
    this.#fs = fs
    this.#directory = directory
    this.#lsn = lsn
    this.#options = options
  }

  /** From now on what changes is written, within about two seconds. */
  open(): void {
    this.#isOpen = true
    const left = [this.#blocks, this.#accounts, this.#dropped, this.#droppedAccounts]
    if (left.some(({ size }) => size > 0)) this.#schedule()
  }

  touch(mailbox: Mailbox, number: number): void {
    const blocks = this.#blocks.get(mailbox)
    if (blocks) blocks.add(blockOf(number))
    else this.#blocks.set(mailbox, new Set([blockOf(number)]))
    this.#schedule()
  }

  touchAccount(account: Account): void {
    this.#accounts.add(account)
    this.#schedule()
  }

  dropAccount(account: Account): void {
    this.#accounts.delete(account)
    this.#droppedAccounts.add(account)
    this.#schedule()
  }

  drop(mailbox: Mailbox): void {
    this.#blocks.delete(mailbox)
    this.#dropped.add(mailbox)
    this.#schedule()
  }

  /** Writes what changed before the call; what changes meanwhile waits for the next flush. */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = null
    })
    await this.#flushing
  }

  async close(): Promise<void> {
    this.#isOpen = false
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.flush()
  }

  /** The document of an account; `missing` until it is read. */
  account(number: number) {
    const missing: AccountDocument = {
      schema,
      lsn: 0,
      name: '',
      nextMailbox: 0,
      mailboxes: [],
      subscriptions: [],
    }
    const isSound = (document: AccountDocument) =>
      document.schema === schema && Array.isArray(document.mailboxes)
    return jsonFile(this.#fs, this.accountPath(number), missing, this.#options, isSound)
  }

  accountPath(number: number): string {
    return join(this.#folder(number), 'mailboxes.json')
  }

  /** Removes the file of a block. */
  async remove(account: number, mailbox: number, block: number): Promise<void> {
    const path = this.path(account, mailbox, block)
    await this.#fs.remove(path)
    if (this.#options.fsync) await this.#fs.syncDirectory(dirname(path))
  }

  /** The numbers of the accounts that have a folder. */
  async accounts(): Promise<number[]> {
    const names = await this.#fs.list(join(this.#directory, 'accounts'))
    return names.filter(name => /^[1-9]\d{0,9}$/.test(name)).map(Number)
  }

  /** The blocks of each mailbox of an account that have a file. What a crash left half-written goes. */
  async blocks(account: number): Promise<Map<number, number[]>> {
    const found = new Map<number, number[]>()
    const add = (mailbox: number, block: number) => {
      const blocks = found.get(mailbox)
      if (blocks) blocks.push(block)
      else found.set(mailbox, [block])
    }
    const read = async (folder: string, pattern: RegExp) => {
      for (const name of (await this.#fs.list(folder)).sort()) {
        if (name.endsWith('.tmp')) await this.#fs.remove(join(folder, name))
        const match = pattern.exec(name)
        if (match) add(Number(match[1] ?? 1), Number(match[2]))
      }
    }
    await read(this.#folder(account), /^([1-9]\d{0,9})-(\d{6,7})\.json$/)
    if (account === 1) await read(join(this.#directory, 'index'), /^()?(\d{6,7})\.json$/)
    return found
  }

  segment(account: number, mailbox: number, block: number) {
    const missing: Segment = { schema, lsn: 0, entries: [] }
    const path = this.path(account, mailbox, block)
    const isSound = (segment: Segment) =>
      segment.schema === schema && Array.isArray(segment.entries)
    return jsonFile(this.#fs, path, missing, this.#options, isSound)
  }

  path(account: number, mailbox: number, block: number): string {
    const name = `${blockName(block)}.json`
    return account === 1 && mailbox === 1
      ? join(this.#directory, 'index', name)
      : join(this.#folder(account), `${mailbox}-${name}`)
  }

  #folder(account: number): string {
    return join(this.#directory, 'accounts', `${account}`)
  }

  #schedule(): void {
    if (!this.#isOpen) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.flush().catch((error: Error) => {
        this.#options.log(`the index could not be written: ${error.message}`)
        this.#schedule()
      })
    }, flushDelay).unref()
  }

  async #flush(): Promise<void> {
    for (const mailbox of [...this.#dropped]) {
      await this.#removeFiles(mailbox)
      this.#dropped.delete(mailbox)
    }
    for (const account of [...this.#droppedAccounts]) {
      // Its folder stays, so that no other account gets its number.
      await this.#fs.remove(this.accountPath(account.number))
      if (this.#options.fsync) await this.#syncFolder(account)
      this.#droppedAccounts.delete(account)
    }
    for (const account of [...this.#accounts]) {
      this.#accounts.delete(account)
      await this.#attempt(
        () => this.#writeAccount(account),
        () => this.#accounts.add(account),
      )
    }
    for (const [mailbox, blocks] of [...this.#blocks]) {
      this.#blocks.delete(mailbox)
      // An account that is open and has no state is not stored.
      if (!mailbox.account.isKept) continue
      for (const block of blocks) {
        await this.#attempt(
          () => this.#writeBlock(mailbox, block),
          () => {
            for (const left of blocks) this.touch(mailbox, left * 1_000)
          },
        )
        blocks.delete(block)
        await setImmediate()
      }
    }
  }

  async #attempt(work: () => Promise<void>, failed: () => void): Promise<void> {
    try {
      await work()
    } catch (error) {
      failed()
      throw error
    }
  }

  async #writeAccount(account: Account): Promise<void> {
    if (!account.isKept || account.isEnded) return
    const file = this.account(account.number)
    await this.#fs.makeDirectory(this.#folder(account.number))
    file.data = {
      schema,
      lsn: this.#lsn(),
      name: account.name,
      nextMailbox: account.nextMailbox,
      mailboxes: account.mailboxes().map(({ number, name, uidValidity, uidNext, specialUse }) => ({
        number,
        name,
        uidValidity,
        uidNext,
        specialUse: specialUse ?? undefined,
      })),
      subscriptions: [...account.subscriptions],
    }
    await file.write()
  }

  async #writeBlock(mailbox: Mailbox, block: number): Promise<void> {
    const { account, number, own, isDerived } = mailbox
    await this.#fs.makeDirectory(dirname(this.path(account.number, number, block)))
    // From here on in one step: what the file holds is what it says that it is.
    if (mailbox.isDeleted) return
    const all = mailbox.entries.block(block)
    const entries = isDerived ? all.filter(entry => own.has(entry.number)) : all
    const hidden = own.hiddenIn(block)
    if (entries.length + hidden.length === 0) {
      await this.remove(account.number, number, block)
      return
    }
    const file = this.segment(account.number, number, block)
    const toEntryRecord = (entry: Entry) =>
      own.changed.has(entry.number) ? toDerivedRecord(entry) : toRecord(entry)
    file.data = {
      schema,
      lsn: this.#lsn(),
      entries: entries.map(toEntryRecord),
      ...(hidden.length > 0 && { hidden: writeIdSet(hidden) }),
    }
    await file.write()
  }

  /** There may be none yet. */
  async #syncFolder({ number }: Account): Promise<void> {
    try {
      await this.#fs.syncDirectory(this.#folder(number))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }

  async #removeFiles({ account, number }: Mailbox): Promise<void> {
    for (const block of (await this.blocks(account.number)).get(number) ?? []) {
      await this.remove(account.number, number, block)
    }
  }
}
