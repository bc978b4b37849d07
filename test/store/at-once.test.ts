import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Account } from '../../server/store/account.ts'
import type { Change } from '../../server/store/changes.ts'
import { idsOf } from '../../server/store/id-set.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import { MailboxError, StoreError } from '../../server/store/store-error.ts'
import { type CrashDisk, crashDisk, type Machine } from '../helpers/crash-fs.ts'
import { type Faults, failingFs } from '../helpers/failing-fs.ts'
import { chosenSeed, type Random, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { usualStore } from '../helpers/store.ts'

/**
 * Many sessions at once do everything that can be done to accounts and mailboxes, on a disk that takes its calls in any
 * order, fails now and then, and loses its process at any moment. What must hold whatever comes first:
 *
 * - a follower of the feed knows at every instant what the index says, and is told nothing twice;
 * - a message that nobody asked to remove is somewhere; one that nobody asked to copy is nowhere twice;
 * - what was acknowledged happened, and a process that starts on the files of a killed one knows of it;
 * - numbers ascend, UIDNEXT and HIGHESTMODSEQ never go down, and no UIDVALIDITY changes.
 */

const logins = ['', 'ann@example.org', 'bob@example.org']
const recipients = ['ann@example.org', 'Bob@Example.org', 'ann+tag@example.org', 'eve@example.org']
const names = ['Work', 'Work/Deep', 'Archive', 'Sent', 'Trash', 'a/b']
const flags = ['\\Seen', '\\Flagged', '$Junk']
const raw = Buffer.from('Subject: x\r\n\r\nHello.\n')
const canonical = 'Subject: x\r\n\r\nHello.\r\n'

const keyOf = (account: number, mailbox: number): string => `${account}/${mailbox}`

const contentsOf = (mailbox: Mailbox): Map<number, string> =>
  new Map(
    [...mailbox.entries.ascending()].map(({ number, message, flags }) => [
      number,
      `${message.id} ${flags}`,
    ]),
  )

const pictureOf = (account: Account) => ({
  mailboxes: account.mailboxes().map(mailbox => ({
    name: mailbox.name,
    number: mailbox.number,
    uidNext: mailbox.uidNext,
    uidValidity: mailbox.uidValidity,
    entries: [...contentsOf(mailbox)],
  })),
  subscriptions: [...account.subscriptions].sort(),
})

/** What outlives a process. */
class Memory {
  /** So many are kept of what arrives. */
  readonly maxMessages: number
  highest = 0
  /** Messages that were acknowledged, that somebody asked to remove, and that somebody asked to copy. */
  readonly acknowledged = new Set<number>()
  readonly mortal = new Set<number>()
  readonly copied = new Set<number>()
  readonly moved = new Set<number>()
  /** What was told when the process was killed: of which message an entry is, by login, mailbox and UID. */
  readonly told = new Map<string, number>()
  /** By account name and mailbox. */
  readonly seen = new Map<string, { uidNext: number; modseq: number; uidValidity: number }>()

  constructor(maxMessages: number) {
    this.maxMessages = maxMessages
  }
}

class Life {
  readonly #random: Random
  readonly #machine: Machine
  readonly #faults: Faults
  readonly #memory: Memory
  readonly #open = new Map<string, Account>()
  readonly #mirror = new Map<string, Map<number, string>>()
  /** Whatever was told as added, as made, and every name that a mailbox got. */
  readonly #told = new Set<string>()
  #mayFail = false
  /** What a killed process may have done without telling anybody. */
  #renaming = 0
  readonly #deleting = new Set<string>()
  /** What a follower of the feed found wrong first. */
  #wrong: Error | null = null
  #store!: MailStore
  readonly done: string[] = []

  constructor(random: Random, machine: Machine, memory: Memory) {
    this.#random = random
    this.#machine = machine
    this.#faults = failingFs(machine.fs)
    this.#memory = memory
  }

  async start(): Promise<void> {
    this.#store = await MailStore.open({
      ...usualStore,
      directory: '/data',
      fs: this.#faults.fs,
      reader: readerHere(),
      maxMessages: this.#memory.maxMessages,
      fsync: this.#random.chance(0.3),
      log: line =>
        assert.ok(this.#mayFail || line.endsWith('the last line is torn; dropped'), line),
    })
    this.#store.subscribe(({ changes }) => {
      try {
        for (const change of changes) this.#follow(change)
        this.#compare()
      } catch (error) {
        this.#wrong ??= error as Error
      }
    })
    for (const login of logins) this.#account(login)
    this.#checkTold()
    this.check()
  }

  /** Some operations at once; resolves when all have come to their ends. */
  async round(): Promise<void> {
    if (this.#random.chance(0.15)) {
      this.#mayFail = true
      for (const operation of this.#random.some(['write', 'rename', 'create'], 2)) {
        this.#faults.fail(operation, this.#random.pick(['ENOSPC', 'EIO']))
      }
    }
    const operations = Array.from({ length: this.#random.between(2, 7) }, async () => {
      const [name, operation] = this.#random.pick(Object.entries(this.#operations))
      this.done.push(name)
      for (let wait = this.#random.integer(6); wait > 0; wait--) await setImmediate()
      try {
        await operation()
      } catch (error) {
        if (error instanceof MailboxError) return
        assert.ok(error instanceof StoreError && this.#mayFail, `${name}: ${error}`)
      }
    })
    if (this.#random.chance(0.4)) {
      for (let wait = this.#random.integer(12); wait > 0; wait--) await setImmediate()
      mock.timers.tick(2_000)
    }
    await Promise.all(operations)
    this.#faults.reset()
    this.done.push('|')
    if (this.#machine.isOff) return
    this.check()
  }

  check(): void {
    if (this.#wrong) throw this.#wrong
    this.#compare()
    const uses = new Map<number, number>()
    for (const login of logins) {
      const account = this.#account(login)
      for (const mailbox of account.mailboxes()) {
        this.#checkNumbers(login, mailbox)
        const hidden = mailbox.own.hidden().filter(uid => !this.#store.entry(uid))
        assert.deepEqual(hidden, [], 'what is hidden is there to be hidden')
        for (const { number, message } of mailbox.entries.ascending()) {
          const isShown = mailbox.isDerived && !mailbox.own.added.has(number)
          if (!isShown) uses.set(message.id, (uses.get(message.id) ?? 0) + 1)
        }
      }
    }
    const { acknowledged, mortal, copied } = this.#memory
    for (const id of acknowledged) {
      assert.ok(mortal.has(id) || uses.has(id), `message ${id} is nowhere`)
      assert.ok(copied.has(id) || (uses.get(id) ?? 0) <= 1, `message ${id} is there twice`)
    }
  }

  /** Retention has come to its end. */
  async settle(): Promise<void> {
    // Where it failed, it tries again with the next arrival.
    await this.#operations.deliver()
    while (this.#store.total > this.#memory.maxMessages) await setImmediate()
  }

  /** Every message can be read. */
  async read(): Promise<void> {
    for (const login of logins) {
      for (const { entries } of this.#account(login).mailboxes()) {
        for (const { message } of entries.ascending()) {
          assert.equal(`${await this.#store.canonicalBytes(message)}`, canonical)
        }
      }
    }
  }

  picture() {
    return logins.map(login => pictureOf(this.#account(login)))
  }

  async end(): Promise<void> {
    await this.#store.close()
  }

  /** The process is no more: notes what must be there when the next one starts. */
  die(): void {
    const { told } = this.#memory
    told.clear()
    for (const { name, number, isKept } of this.#open.values()) {
      for (const [key, entries] of this.#mirror) {
        const [account, mailbox] = key.split('/').map(Number)
        if (account !== number || !(isKept || name === '')) continue
        for (const [uid, content] of entries) {
          const message = Number.parseInt(content, 10)
          told.set(`${name}/${mailbox}/${uid}`, message)
          const mayBeOver = this.#memory.maxMessages < 100 && key === keyOf(1, 1)
          if (mayBeOver || this.#deleting.has(key)) this.#memory.mortal.add(message)
          if (!this.#renaming || mailbox !== 1) continue
          this.#memory.moved.add(message)
          this.#memory.copied.add(message)
        }
      }
    }
  }

  #checkTold(): void {
    const { told, mortal, moved } = this.#memory
    for (const [key, message] of told) {
      if (mortal.has(message) || moved.has(message)) continue
      const [login, mailbox, uid] = key.split('/')
      const entries = this.#account(login as string).numbered(Number(mailbox))?.entries
      assert.equal(entries?.get(Number(uid))?.message.id, message, `${key} is lost`)
    }
    told.clear()
  }

  #checkNumbers(login: string, mailbox: Mailbox): void {
    const { uidNext, highestModseq: modseq, uidValidity } = mailbox
    const { seen } = this.#memory
    const key = `${login} ${mailbox.number}`
    const before = seen.get(key)
    // An account that has no state is another one each time.
    if (before && mailbox.account.isKept) {
      assert.equal(uidValidity, before.uidValidity)
      assert.ok(uidNext >= before.uidNext, `UIDNEXT of ${key} went down`)
      assert.ok(modseq >= before.modseq, `HIGHESTMODSEQ of ${key} went down`)
    }
    if (mailbox.account.isKept) seen.set(key, { uidNext, modseq, uidValidity })
  }

  #follow(change: Change): void {
    switch (change.type) {
      case 'message.added':
        this.#added('', [1, 1], [change.entry.number])
        return
      case 'message.changed':
        this.#changed([1, 1], idsOf(change.ids))
        return
      case 'message.removed':
        if (change.reason === 'retention') this.#mortalIn(keyOf(1, 1), idsOf(change.ids))
        this.#removed([1, 1], idsOf(change.ids))
        return
      case 'entry.added':
      case 'entry.changed':
      case 'entry.removed': {
        const account = this.#numbered(change.account)
        if (!account) return
        const at = [change.account, change.mailbox] as const
        const ids = idsOf(change.ids)
        if (change.type === 'entry.added') this.#added(account.name, at, ids)
        if (change.type === 'entry.changed') this.#changed(at, ids)
        if (change.type === 'entry.removed') this.#removed(at, ids)
        return
      }
      case 'mailbox.created':
        this.#told.add(`${change.account} ${change.name}`)
        this.#mirror.set(keyOf(change.account, change.mailbox), new Map())
        return
      case 'mailbox.renamed':
        this.#told.add(`${change.account} ${change.name}`)
        return
      case 'mailbox.deleted': {
        const key = keyOf(change.account, change.mailbox)
        for (const content of this.#mirror.get(key)?.values() ?? []) {
          this.#memory.mortal.add(Number.parseInt(content, 10))
        }
        this.#mirror.delete(key)
      }
    }
  }

  /** Notes that entries went by themselves. */
  #mortalIn(key: string, uids: readonly number[]): void {
    const mirror = this.#mirror.get(key)
    for (const uid of uids) this.#memory.mortal.add(Number.parseInt(mirror?.get(uid) ?? '', 10))
  }

  #added(login: string, [account, mailbox]: readonly [number, number], ids: number[]): void {
    const mirror = this.#mirror.get(keyOf(account, mailbox)) as Map<number, string>
    const contents = contentsOf(this.#account(login).numbered(mailbox) as Mailbox)
    for (const id of ids) {
      assert.ok(!mirror.has(id), `${account}/${mailbox}/${id} was told twice`)
      mirror.set(id, contents.get(id) as string)
      this.#told.add(`${keyOf(account, mailbox)}/${id}`)
    }
  }

  #changed([account, mailbox]: readonly [number, number], ids: number[]): void {
    const mirror = this.#mirror.get(keyOf(account, mailbox)) as Map<number, string>
    const entries = this.#numbered(account)?.numbered(mailbox)?.entries
    for (const id of ids) {
      assert.ok(mirror.has(id), `${account}/${mailbox}/${id} is not there`)
      const entry = entries?.get(id)
      mirror.set(id, `${entry?.message.id} ${entry?.flags}`)
    }
  }

  #removed([account, mailbox]: readonly [number, number], ids: number[]): void {
    const mirror = this.#mirror.get(keyOf(account, mailbox))
    for (const id of ids) {
      // What leaves the INBOX of an address stays in the catch-all.
      const message = Number.parseInt(mirror?.get(id) ?? '', 10)
      if (account !== 1 && mailbox === 1) this.#memory.copied.add(message)
      assert.ok(mirror?.delete(id), `${account}/${mailbox}/${id} is not there, or no more`)
    }
  }

  /** What was told is what there is. */
  #compare(): void {
    for (const account of this.#open.values()) {
      for (const mailbox of account.mailboxes()) {
        const mirror = this.#mirror.get(keyOf(account.number, mailbox.number))
        const told = [...(mirror ?? [])].sort(([a], [b]) => a - b)
        assert.deepEqual(told, [...contentsOf(mailbox)], `${account.name} ${mailbox.name}`)
        assert.equal(account.mailbox(mailbox.name), mailbox)
      }
    }
  }

  #numbered(number: number): Account | undefined {
    return [...this.#open.values()].find(account => account.number === number)
  }

  #account(login: string): Account {
    const known = this.#open.get(login)
    if (known) return known
    const account = this.#store.mailboxes.open(login)
    this.#open.set(login, account)
    for (const mailbox of account.mailboxes()) {
      this.#mirror.set(keyOf(account.number, mailbox.number), contentsOf(mailbox))
    }
    return account
  }

  #mailbox(): Mailbox {
    const account = this.#account(this.#random.pick(logins))
    return this.#random.chance(0.5) ? account.inbox : this.#random.pick(account.mailboxes())
  }

  #uids({ entries }: Mailbox): number[] {
    return this.#random.some(entries.numbers(), this.#random.between(1, 4))
  }

  #messages({ entries }: Mailbox, uids: readonly number[]): number[] {
    return uids.flatMap(uid => entries.get(uid)?.message.id ?? [])
  }

  #take(number: number): void {
    assert.ok(number > 0)
    this.#memory.highest = Math.max(this.#memory.highest, number)
  }

  #remember(ids: readonly number[], set: 'mortal' | 'copied' | 'moved'): void {
    for (const id of ids) this.#memory[set].add(id)
  }

  async #copy(isMove: boolean): Promise<void> {
    const source = this.#mailbox()
    const target = this.#mailbox()
    const uids = this.#uids(source)
    if (isMove) this.#remember(this.#messages(source, uids), 'moved')
    if (!isMove || source.isDerived) this.#remember(this.#messages(source, uids), 'copied')
    const { mailboxes } = this.#store
    const copied = await (isMove
      ? mailboxes.move(source, uids, target)
      : mailboxes.copy(source, uids, target))
    assert.equal(copied.from.length, copied.to.length)
    for (const uid of copied.to) {
      this.#take(uid)
      const at = keyOf(target.account.number, target.number)
      assert.ok(this.#told.has(`${at}/${uid}`), `${uid} is not in ${at}`)
    }
  }

  readonly #operations = {
    deliver: async () => {
      const rcptTo = this.#random.some(recipients, this.#random.between(1, 3))
      const arrival = this.#store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'smtp' })
      await arrival.write(raw)
      const { number } = await arrival.commit()
      this.#take(number)
      this.#memory.acknowledged.add(number)
    },
    append: async () => {
      const given = this.#random.some(flags, 2)
      const arrival = await this.#store.append(this.#mailbox(), { flags: given, listener: 'imap' })
      await arrival.write(raw)
      const { number } = await arrival.commit()
      this.#take(number)
      this.#memory.acknowledged.add(number)
    },
    copy: () => this.#copy(false),
    move: () => this.#copy(true),
    moveAgain: () => this.#copy(true),
    setFlags: async () => {
      const mailbox = this.#mailbox()
      const kind = this.#random.pick(['add', 'remove', 'replace'])
      await this.#store.mailboxes.setFlags(
        mailbox,
        this.#uids(mailbox),
        { [kind]: this.#random.some(flags, 2) },
        this.#random.chance(0.3) ? { unchangedSince: mailbox.highestModseq } : {},
      )
    },
    update: async () => {
      const { inbox } = this.#account('')
      await this.#store.update(this.#uids(inbox), { unread: this.#random.chance(0.5) })
    },
    expunge: async () => {
      const mailbox = this.#mailbox()
      const uids = this.#uids(mailbox)
      // What goes from the INBOX of an address stays in the catch-all.
      this.#remember(this.#messages(mailbox, uids), 'mortal')
      await this.#store.mailboxes.expunge(mailbox, uids)
    },
    remove: async () => {
      const { inbox } = this.#account('')
      const uids = this.#uids(inbox)
      this.#remember(this.#messages(inbox, uids), 'mortal')
      await this.#store.remove(uids)
    },
    create: async () => {
      const account = this.#account(this.#random.pick(logins))
      const name = this.#random.pick(names)
      await this.#store.mailboxes.create(account, name)
      assert.ok(this.#told.has(`${account.number} ${name}`))
    },
    delete: async () => {
      const mailbox = this.#random.pick(
        this.#account(this.#random.pick(logins)).mailboxes().slice(1).concat(this.#mailbox()),
      )
      this.#deleting.add(keyOf(mailbox.account.number, mailbox.number))
      await this.#store.mailboxes.delete(mailbox)
      assert.ok(mailbox.isDeleted)
    },
    rename: async () => {
      const mailbox = this.#mailbox()
      const name = this.#random.pick([...names, `Old ${this.#random.integer(100)}`])
      // Several may be under way; that of an INBOX moves all that is in it.
      const moves = mailbox.number === 1 ? 1 : 0
      this.#renaming += moves
      try {
        await this.#store.mailboxes.rename(mailbox, name)
      } finally {
        this.#renaming -= moves
      }
      assert.ok(this.#told.has(`${mailbox.account.number} ${name}`), `${name} was acknowledged`)
    },
    subscribe: async () => {
      const account = this.#account(this.#random.pick(logins))
      const isSubscribed = this.#random.chance(0.5)
      await this.#store.mailboxes.subscribe(account, this.#random.pick(names), isSubscribed)
    },
    /** Who leaves may have left something under way. */
    leave: async () => {
      const login = this.#random.pick(logins)
      const account = this.#account(login)
      this.#open.delete(login)
      this.#store.mailboxes.close(account)
      this.#account(login)
    },
  }
}

const play = async (seed: number): Promise<void> => {
  const random = randomFrom(seed)
  const memory = new Memory(random.chance(0.3) ? random.between(3, 8) : 10_000)
  const disk: CrashDisk = crashDisk()
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    for (let start = 0; start < 4; start++) {
      const machine = disk.boot(random)
      const life = new Life(random, machine, memory)
      const living = (async () => {
        await life.start()
        if (random.chance(0.4)) machine.cutAfter(random.integer(300))
        for (let round = 0; round < 12 && !machine.isOff; round++) await life.round()
        await life.settle()
        await life.read()
        if (random.chance(0.3)) await life.end()
        const before = life.picture()
        machine.cut()
        const again = new Life(random, disk.copy().boot(random), memory)
        await again.start()
        assert.deepEqual(again.picture(), before, 'a restart changes nothing')
      })()
      try {
        await Promise.race([living, machine.off.then(() => setImmediate())])
        if (!machine.isOff) await living
      } catch (error) {
        throw new Error(`seed ${seed}, after ${life.done.join(' ')}: ${(error as Error).stack}`)
      }
      machine.cut()
      life.die()
      mock.timers.reset()
      mock.timers.enable({ apis: ['setTimeout'] })
    }
  } finally {
    mock.timers.reset()
  }
}

const seed = chosenSeed()
const histories = Number(process.env.MAILCATCH_HISTORIES ?? 30)

test(`${histories} histories of many sessions at once (seed ${seed})`, async () => {
  for (let number = 0; number < histories; number++) await play(seed + number)
})
