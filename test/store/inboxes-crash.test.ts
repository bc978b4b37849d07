import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { addressOfInbox, type Inbox } from '../../server/store/inbox.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { crashDisk, type Machine } from '../helpers/crash-fs.ts'
import { chosenSeed, type Random, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { usualStore } from '../helpers/store.ts'

// What was acknowledged is there after a power loss (with --fsync), what was not is there in full or not at all.

const inboxOf = (id: string): Inbox => ({
  ...{ id, name: id, password: id, smtpPort: null, createdAt: 1, expiresAt: 2 },
  ...{ addresses: [], domains: [`${id.slice(-1)}.example`], tags: [] },
})

/** What there is: the inboxes, and each message with those that it belongs to, or belonged to. */
type Picture = { readonly inboxes: readonly string[]; readonly mail: readonly string[] }

/** What may be about to happen; the inboxes that are about to end. */
type Ending = { readonly ending: readonly string[] }

const pictureOf = (store: MailStore): Picture => ({
  inboxes: store.inboxes.all().map(({ id }) => id),
  mail: store.inboxes
    .all()
    .flatMap(({ id }) => {
      const account = store.mailboxes.open(addressOfInbox(id))
      const mailboxes = account
        .mailboxes()
        .flatMap(({ name, entries }) =>
          [...entries.ascending()].map(({ number, flags }) => `${id} ${name} ${number} ${flags}`),
        )
      store.mailboxes.close(account)
      return mailboxes
    })
    .concat([...(store.mailboxes.open('').inbox.entries.numbers() ?? [])].map(String))
    .sort(),
})

const deliver = async (store: MailStore, rcptTo: readonly string[]) => {
  const arrival = store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'smtp' })
  await arrival.write(Buffer.from('Subject: x\r\n\r\nHello.\r\n'))
  await arrival.commit()
}

/** One thing after the other, each of which is acknowledged; `after` is told of the picture after each. */
const live = async (
  store: MailStore,
  random: Random,
  next: () => string,
  after: (picture: Picture | Ending) => void,
): Promise<void> => {
  for (let step = random.between(1, 25); step > 0; step--) {
    const ids = store.inboxes.all().map(({ id }) => id)
    const kind = random.integer(10)
    const id = ids.length > 0 ? random.pick(ids) : null
    const ending = kind === 6 ? random.some(ids, random.between(1, 2)) : []
    // From here on it may have happened, or not.
    after({ ending })
    if (kind < 2 || id === null) await store.inboxes.make(inboxOf(next()))
    else if (kind < 6) await deliver(store, [`ann@${id.slice(-1)}.example`, addressOfInbox(id)])
    else if (kind < 7) await store.inboxes.end(ending)
    else {
      const account = store.mailboxes.open(addressOfInbox(id))
      const { inbox } = account
      const uids = inbox.entries.numbers()
      const trash = account.mailbox('Trash') ?? assert.fail()
      await store.mailboxes.keep(account)
      if (kind < 8) await store.mailboxes.setFlags(inbox, uids, { add: ['\\Seen'] })
      else if (kind < 9) await store.mailboxes.copy(inbox, uids.slice(0, 2), trash)
      else {
        const draft = await store.append(inbox, { flags: [], listener: 'imap' })
        await draft.write(Buffer.from('Subject: own\r\n\r\n'))
        await draft.commit()
      }
      store.mailboxes.close(account)
    }
    after(pictureOf(store))
    if (random.chance(0.2)) mock.timers.tick(2_000)
    if (random.chance(0.3)) await setImmediate()
  }
}

/** What nobody answered has happened in full or not at all. */
const checkAfter = (known: Picture, found: Picture, { ending }: Ending, told: string): void => {
  const left = known.inboxes.filter(id => !ending.includes(id))
  const isOver = found.inboxes.length < known.inboxes.length
  if (ending.length > 0) assert.deepEqual(found.inboxes, isOver ? left : known.inboxes, told)
  if (ending.length > 0 && !isOver) assert.deepEqual(found.mail, known.mail, told)
  // Nobody else's is gone.
  const isOf = (ids: readonly string[]) => (line: string) =>
    ids.some(id => line.startsWith(`${id} `))
  for (const line of known.mail.filter(isOf(left))) {
    const [start] = line.split(/ [^ ]*$/)
    assert.ok(
      found.mail.some(other => other.startsWith(`${start} `)),
      `${told}: ${line}`,
    )
  }
}

const play = async (seed: number): Promise<number> => {
  const random = randomFrom(seed)
  let disk = crashDisk()
  let made = 0
  let known: Picture = { inboxes: [], mail: [] }
  let pending: Ending | null = null
  let steps = 0
  const open = (machine: Machine) =>
    MailStore.open({
      ...usualStore,
      ...{ directory: '/home/ann/mail', fs: machine.fs, reader: readerHere(), fsync: true },
    })
  for (let start = 0; start < 5; start++) {
    const isLast = start === 4
    const machine = disk.boot(random, isLast ? {} : { calls: random.integer(300) })
    const living = (async () => {
      const store = await open(machine)
      const found = pictureOf(store)
      const told = `MAILCATCH_SEED=${seed}, start ${start}`
      if (!pending) assert.deepEqual(found, known, told)
      else checkAfter(known, found, pending, told)
      known = found
      pending = null
      const next = () => `box-${++made}-${random.pick(['a', 'b'])}`
      await live(store, random, next, told => {
        pending = 'ending' in told ? told : null
        if ('ending' in told) return
        known = told
        steps++
      })
      if (!isLast && random.chance(0.5)) return
      await store.close()
    })()
    await Promise.race([living, machine.off])
    machine.cut()
    // What was under way may end in an error now, of a machine that is off.
    living.catch(() => {})
    if (random.chance(0.8)) disk = disk.afterPowerLoss(random)
    mock.timers.reset()
    mock.timers.enable({ apis: ['setTimeout'] })
  }
  const store = await open(disk.boot(random))
  assert.deepEqual(pictureOf(store), known, `MAILCATCH_SEED=${seed}, in the end`)
  await store.close()
  return steps
}

test('20 histories of inboxes with power losses', async t => {
  const seed = chosenSeed()
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  let steps = 0
  for (let at = 0; at < 20; at++) steps += await play(seed + at)
  t.diagnostic(`seed ${seed}: ${steps} steps acknowledged`)
  assert.ok(steps > 200, 'too little to tell anything')
})
