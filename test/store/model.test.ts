import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../../server/store/account.ts'
import { readIdRanges } from '../../server/store/id-set.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { MailboxError } from '../../server/store/store-error.ts'
import type { StoreFs } from '../../server/store/store-fs.ts'
import { chosenSeed, type Random, randomFrom } from '../helpers/random.ts'
import { usualStore } from '../helpers/store.ts'

/**
 * Random histories of everything that can be done to accounts and mailboxes, held against a reference that keeps plain
 * lists and looks through all of them every time.
 */

type ModelEntry = { message: number; flags: string[]; arrival: boolean }
type ModelMailbox = { name: string; entries: Map<number, ModelEntry>; gone: Set<number> }
type ModelAccount = { mailboxes: ModelMailbox[]; subscriptions: Set<string> }

const logins = ['', 'ann@example.org', 'bob@example.org']
const recipients = ['ann@example.org', 'Bob@Example.org', 'ann+tag@example.org', 'eve@example.org']
const names = ['Work', 'Work/Deep', 'Archive', 'Sent', 'Été', 'a/b/c', 'con', '..', 'x'.repeat(200)]
const flags = ['\\Seen', '\\Flagged', '\\Deleted', '$Junk', 'later']
const defaults = ['INBOX', 'Sent', 'Drafts', 'Junk', 'Trash', 'Archive']

const reaches = (login: string, recipient: string) =>
  recipient.toLowerCase().replace(/\+.*@/, '@') === login || recipient.toLowerCase() === login

class Model {
  readonly accounts = new Map<string, ModelAccount>(
    logins.map(login => [
      login,
      {
        mailboxes: defaults.map(name => ({ name, entries: new Map(), gone: new Set() })),
        subscriptions: new Set(defaults),
      },
    ]),
  )

  account(login: string): ModelAccount {
    return this.accounts.get(login) as ModelAccount
  }

  mailbox(login: string, name: string): ModelMailbox | undefined {
    return this.account(login).mailboxes.find(mailbox => mailbox.name === name)
  }

  deliver(id: number, to: readonly string[]): void {
    for (const login of logins) {
      if (login !== '' && !to.some(recipient => reaches(login, recipient))) continue
      const entry = { message: id, flags: [], arrival: true }
      this.mailbox(login, 'INBOX')?.entries.set(id, entry)
    }
  }

  /** Removes from the catch-all INBOX, and with it what the INBOXes of addresses show of it. */
  remove(login: string, mailbox: ModelMailbox, uids: readonly number[]): void {
    for (const uid of uids) {
      const entry = mailbox.entries.get(uid)
      mailbox.entries.delete(uid)
      mailbox.gone.add(uid)
      if (!entry?.arrival || login !== '' || mailbox.name !== 'INBOX') continue
      for (const other of logins.slice(1)) {
        const inbox = this.mailbox(other, 'INBOX')
        if (inbox?.entries.get(uid)?.arrival) {
          inbox.entries.delete(uid)
          inbox.gone.add(uid)
        }
      }
    }
  }
}

const pictureOf = (account: Account) => ({
  mailboxes: account.mailboxes().map(mailbox => ({
    name: mailbox.name,
    entries: [...mailbox.entries.ascending()].map(({ number, message, flags }) => [
      number,
      message.id,
      ...flags,
    ]),
  })),
  subscriptions: [...account.subscriptions].sort(),
})

const modelPictureOf = ({ mailboxes, subscriptions }: ModelAccount) => ({
  mailboxes: mailboxes
    .toSorted((a, b) =>
      a.name === 'INBOX' || b.name === 'INBOX'
        ? a.name === 'INBOX'
          ? -1
          : 1
        : a.name < b.name
          ? -1
          : 1,
    )
    .map(({ name, entries }) => ({
      name,
      entries: [...entries]
        .sort(([a], [b]) => a - b)
        .map(([uid, { message, flags }]) => [uid, message, ...flags]),
    })),
  subscriptions: [...subscriptions].sort(),
})

/** A client that knows a mailbox by what changed since it last asked (RFC 7162 §3.2). */
class Client {
  readonly #mailbox: Mailbox
  readonly #known = new Map<number, string>()
  #modseq = 0
  #uidNext = 0

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox
  }

  sync(): void {
    const mailbox = this.#mailbox
    for (const { first, last } of readIdRanges(mailbox.vanishedSince(this.#modseq))) {
      for (const uid of [...this.#known.keys()]) {
        if (uid >= first && uid <= last) this.#known.delete(uid)
      }
    }
    for (const { number, flags } of mailbox.changedSince(this.#modseq)) {
      this.#known.set(number, `${flags}`)
    }
    assert.ok(mailbox.highestModseq >= this.#modseq, 'HIGHESTMODSEQ never goes down')
    assert.ok(mailbox.uidNext >= this.#uidNext, 'UIDNEXT never goes down')
    this.#modseq = mailbox.highestModseq
    this.#uidNext = mailbox.uidNext
    const there = [...mailbox.entries.ascending()].map(({ number, flags }) => [number, `${flags}`])
    assert.deepEqual(
      [...this.#known].sort(([a], [b]) => a - b),
      there,
    )
    assert.ok(there.every(([uid]) => (uid as number) < this.#uidNext))
  }
}

class History {
  readonly #random: Random
  readonly #fs: StoreFs = memoryFs()
  readonly #model = new Model()
  readonly #open = new Map<string, Account>()
  #clients = new Map<Mailbox, Client>()
  #store!: MailStore
  #highest = 0
  readonly done: string[] = []

  constructor(random: Random) {
    this.#random = random
  }

  async start(): Promise<void> {
    this.#store = await MailStore.open({
      ...usualStore,
      directory: '/data',
      fs: this.#fs,
      log: line => assert.fail(`nothing is to be repaired: ${line}`),
    })
    this.#clients = new Map()
  }

  async end(): Promise<void> {
    for (const account of this.#open.values()) this.#store.mailboxes.close(account)
    this.#open.clear()
    await this.#store.close()
  }

  async step(): Promise<void> {
    const operation = this.#random.pick([
      ...['deliver', 'deliver', 'deliver', 'append', 'copy', 'copy', 'move', 'setFlags'],
      ...['setFlags', 'expunge', 'apiRemove', 'apiUpdate', 'create', 'delete', 'rename'],
      ...['subscribe', 'renameInbox', 'restart', 'leave', 'sync'],
    ] as const)
    this.done.push(operation)
    await this.#operations[operation]()
    this.check()
  }

  check(): void {
    for (const login of logins) {
      const account = this.#store.mailboxes.open(login)
      assert.deepEqual(pictureOf(account), modelPictureOf(this.#model.account(login)), login)
      this.#store.mailboxes.close(account)
    }
  }

  readonly #operations = {
    deliver: async () => {
      const to = this.#some(recipients)
      const arrival = this.#store.receive({
        envelope: { mailFrom: 'app@example.com', rcptTo: to },
        listener: 'smtp',
      })
      await arrival.write(Buffer.from('Subject: x\r\n\r\nHello.\r\n'))
      const { number } = await arrival.commit()
      this.#take([number])
      this.#model.deliver(number, to)
    },
    append: async () => {
      const [login, mailbox, model] = this.#mailbox()
      const given = this.#some(flags)
      const internalDate = this.#random.integer(2) === 0 ? 1_700_000_000_000 : undefined
      const arrival = await this.#store.append(mailbox, {
        flags: given,
        listener: 'imap',
        ...(internalDate !== undefined && { internalDate }),
      })
      await arrival.write(Buffer.from('Subject: draft\r\n\r\n'))
      const entry = await arrival.commit()
      this.#take([entry.number])
      if (internalDate !== undefined) assert.equal(entry.internalDate, internalDate)
      const arrived = login === '' && mailbox.number === 1
      model.entries.set(entry.number, {
        message: entry.number,
        flags: [...given].sort(),
        arrival: arrived,
      })
    },
    copy: () => this.#copy(false),
    move: () => this.#copy(true),
    setFlags: async () => {
      const [, mailbox, model] = this.#mailbox()
      const uids = this.#uids(mailbox)
      const kind = this.#random.pick(['add', 'remove', 'replace'] as const)
      const given = this.#some(flags)
      const unchangedSince =
        this.#random.integer(3) === 0 ? this.#random.integer(mailbox.highestModseq + 2) : undefined
      const expected = uids.filter(uid => {
        const modseq = mailbox.entries.get(uid)?.modseq
        return modseq !== undefined && (unchangedSince === undefined || modseq <= unchangedSince)
      })
      const { changed, modified } = await this.#store.mailboxes.setFlags(
        mailbox,
        uids,
        { [kind]: given },
        unchangedSince === undefined ? {} : { unchangedSince },
      )
      assert.deepEqual(changed, expected)
      assert.equal(
        changed.length + modified.length,
        uids.filter(uid => model.entries.has(uid)).length,
      )
      for (const uid of changed) {
        const entry = model.entries.get(uid) as ModelEntry
        const before = kind === 'replace' ? [] : entry.flags
        entry.flags =
          kind === 'remove'
            ? before.filter(flag => !given.includes(flag))
            : [...new Set([...before, ...given])].sort()
      }
    },
    expunge: async () => {
      const [login, mailbox, model] = this.#mailbox()
      const uids = this.#uids(mailbox)
      const there = uids.filter(uid => model.entries.has(uid))
      assert.deepEqual(await this.#store.mailboxes.expunge(mailbox, uids), there)
      this.#model.remove(login, model, there)
    },
    apiRemove: async () => {
      const inbox = this.#model.mailbox('', 'INBOX') as ModelMailbox
      const ids = this.#some([...inbox.entries.keys()])
      assert.equal(await this.#store.remove(ids), ids.length)
      this.#model.remove('', inbox, ids)
    },
    apiUpdate: async () => {
      const inbox = this.#model.mailbox('', 'INBOX') as ModelMailbox
      const ids = this.#some([...inbox.entries.keys()])
      const unread = this.#random.integer(2) === 0
      await this.#store.update(ids, { unread })
      for (const id of ids) {
        const entry = inbox.entries.get(id) as ModelEntry
        const others = entry.flags.filter(flag => flag !== '\\Seen')
        entry.flags = unread ? others : [...others, '\\Seen'].sort()
      }
    },
    create: async () => {
      const login = this.#random.pick(logins)
      const name = this.#random.pick(names)
      const creating = this.#store.mailboxes.create(this.#account(login), name)
      if (this.#model.mailbox(login, name)) {
        return assert.rejects(creating, { name: 'MailboxError', code: 'already-exists' })
      }
      await creating
      this.#create(login, name)
    },
    delete: async () => {
      const [login, mailbox, model] = this.#mailbox()
      const deleting = this.#store.mailboxes.delete(mailbox)
      if (mailbox.number === 1) return assert.rejects(deleting, { code: 'cannot' })
      await deleting
      assert.ok(mailbox.isDeleted)
      const account = this.#model.account(login)
      account.mailboxes = account.mailboxes.filter(other => other !== model)
    },
    rename: async () => {
      const [login, mailbox] = this.#mailbox()
      if (mailbox.number === 1) return
      const name = this.#random.pick(names)
      const { mailboxes } = this.#model.account(login)
      const old = mailbox.name
      const moved = mailboxes.filter(
        other => other.name === old || other.name.startsWith(`${old}/`),
      )
      const targets = moved.map(other => name + other.name.slice(old.length))
      try {
        await this.#store.mailboxes.rename(mailbox, name)
      } catch (error) {
        assert.ok(error instanceof MailboxError)
        const isTaken = targets.some(target => mailboxes.some(other => other.name === target))
        assert.ok(isTaken || name.startsWith(`${old}/`), 'refused for a reason')
        return
      }
      this.#create(login, name, false)
      moved.forEach((other, index) => {
        other.name = targets[index] as string
      })
    },
    renameInbox: async () => {
      const login = this.#random.pick(logins)
      const name = `Old ${this.done.length}`
      const { inbox } = this.#account(login)
      const model = this.#model.mailbox(login, 'INBOX') as ModelMailbox
      const uids = [...model.entries.keys()].sort((a, b) => a - b)
      const entries = uids.map(uid => model.entries.get(uid) as ModelEntry)
      await this.#store.mailboxes.rename(inbox, name)
      this.#create(login, name)
      this.#model.remove(login, model, uids)
      const target = this.#account(login).mailbox(name) as Mailbox
      const numbers = target.entries.numbers()
      this.#take(numbers)
      numbers.forEach((number, index) => {
        const copy = { ...(entries[index] as ModelEntry), arrival: false }
        this.#model.mailbox(login, name)?.entries.set(number, copy)
      })
    },
    subscribe: async () => {
      const login = this.#random.pick(logins)
      const name = this.#random.pick(names)
      const isSubscribed = this.#random.integer(2) === 0
      await this.#store.mailboxes.subscribe(this.#account(login), name, isSubscribed)
      const { subscriptions } = this.#model.account(login)
      if (isSubscribed) subscriptions.add(name)
      else subscriptions.delete(name)
    },
    restart: async () => {
      await this.end()
      const lost = this.#random.integer(6)
      // The lowdb files are checkpoints; the raw files and the log are the truth.
      if (lost === 0) await this.#removeAll('/data/index')
      if (lost === 1)
        for (const number of [1, 2, 3]) await this.#removeAll(`/data/accounts/${number}`)
      await this.start()
    },
    leave: async () => {
      const login = this.#random.pick(logins)
      const account = this.#open.get(login)
      if (!account) return
      this.#open.delete(login)
      this.#store.mailboxes.close(account)
      if (!account.isKept) {
        for (const mailbox of account.mailboxes()) this.#clients.delete(mailbox)
      }
    },
    sync: async () => {
      const [, mailbox] = this.#mailbox()
      let client = this.#clients.get(mailbox)
      if (!client) {
        client = new Client(mailbox)
        this.#clients.set(mailbox, client)
      }
      client.sync()
    },
  }

  async #copy(isMove: boolean): Promise<void> {
    const [login, source, from] = this.#mailbox()
    const [, target, to] = this.#mailbox()
    const uids = this.#uids(source)
    const there = uids.filter(uid => from.entries.has(uid))
    const entries = there.map(uid => from.entries.get(uid) as ModelEntry)
    const { mailboxes } = this.#store
    const copied = await (isMove
      ? mailboxes.move(source, uids, target)
      : mailboxes.copy(source, uids, target))
    assert.deepEqual(copied.from, there)
    this.#take(copied.to)
    copied.to.forEach((number, index) => {
      const entry = entries[index] as ModelEntry
      to.entries.set(number, { ...entry, flags: [...entry.flags], arrival: false })
    })
    if (isMove) this.#model.remove(login, from, there)
  }

  #create(login: string, name: string, itself = true): void {
    const levels = name.split('/')
    const { mailboxes } = this.#model.account(login)
    for (let depth = 1; depth <= levels.length - (itself ? 0 : 1); depth++) {
      const level = levels.slice(0, depth).join('/')
      if (!this.#model.mailbox(login, level)) {
        mailboxes.push({ name: level, entries: new Map(), gone: new Set() })
      }
    }
  }

  /** New numbers: ascending, and above every number before. */
  #take(numbers: readonly number[]): void {
    for (const number of numbers) {
      assert.ok(number > this.#highest, `${number} comes after ${this.#highest}`)
      this.#highest = number
    }
  }

  #account(login: string): Account {
    let account = this.#open.get(login)
    if (!account) {
      account = this.#store.mailboxes.open(login)
      this.#open.set(login, account)
    }
    return account
  }

  #mailbox(): [string, Mailbox, ModelMailbox] {
    const login = this.#random.pick(logins)
    // INBOX, where most of it happens, more often than its share.
    const model =
      this.#random.integer(2) === 0
        ? (this.#model.mailbox(login, 'INBOX') as ModelMailbox)
        : this.#random.pick(this.#model.account(login).mailboxes)
    return [login, this.#account(login).mailbox(model.name) as Mailbox, model]
  }

  /** Some UIDs of a mailbox, and now and then one that it does not have. */
  #uids(mailbox: Mailbox): number[] {
    const uids = [
      ...this.#some(mailbox.entries.numbers()),
      this.#random.integer(this.#highest + 5) + 1,
    ]
    return [...new Set(uids)].sort((a, b) => a - b)
  }

  /** At least one where there are any. */
  #some<T>(values: readonly T[]): T[] {
    return this.#random.some(values, this.#random.between(1, Math.max(1, values.length)))
  }

  async #removeAll(directory: string): Promise<void> {
    for (const name of await this.#fs.list(directory)) await this.#fs.remove(`${directory}/${name}`)
  }
}

const seed = chosenSeed()
const histories = Number(process.env.MAILCATCH_HISTORIES ?? 40)
const steps = 120

test(`${histories} histories of ${steps} operations go as the reference does (seed ${seed})`, async () => {
  for (let number = 0; number < histories; number++) {
    const history = new History(randomFrom(seed + number))
    await history.start()
    try {
      for (let step = 0; step < steps; step++) await history.step()
    } catch (error) {
      const { stack } = error as Error
      throw new Error(`seed ${seed + number}, after ${history.done.join(' ')}: ${stack}`)
    }
    await history.end()
  }
})
