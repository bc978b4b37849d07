import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeFlags, flagSet } from '../../server/store/flags.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import { deliver, startImap } from '../helpers/imap.ts'
import { type ClientKind, ModelClient } from '../helpers/imap-client.ts'
import { chosenSeed, type Random, randomFrom } from '../helpers/random.ts'

// Several clients and the world change one mailbox at random, all at once. Whatever the server tells each of them, in
// whichever order, must fit the picture that it has told before; and when all is quiet, the picture is the mailbox.

const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', '\\Answered', '$Label', 'other']

const KINDS: readonly ClientKind[] = [
  { enabled: [], isReadOnly: false },
  { enabled: [], isReadOnly: false },
  { enabled: ['IMAP4rev2'], isReadOnly: false },
  { enabled: ['CONDSTORE'], isReadOnly: false },
  { enabled: ['CONDSTORE', 'QRESYNC'], isReadOnly: false },
  { enabled: ['CONDSTORE', 'QRESYNC', 'IMAP4rev2'], isReadOnly: false },
  { enabled: [], isReadOnly: true },
]

const ROUNDS = 20
const STEPS = 15

const seed = chosenSeed()

for (const [title, login, name] of [
  ['the INBOX of the catch-all', 'ann', 'INBOX'],
  ['the INBOX of an address', 'ann@example.com', 'INBOX'],
  ['a mailbox of its own', 'ann', 'Archive'],
] as const) {
  test(`the picture of each client is ${title} (seed ${seed})`, async t => {
    const imap = await startImap(t)
    const random = randomFrom(seed)
    const account = imap.store.mailboxes.open(login)
    t.after(() => imap.store.mailboxes.close(account))
    const mailbox = account.mailbox(name) as Mailbox
    const clients = await Promise.all(
      KINDS.map(async kind => {
        const client = await ModelClient.open(imap.port, kind, login)
        await client.select(name)
        return client
      }),
    )
    t.after(() => {
      for (const client of clients) client.close()
    })

    const world = async (choose: Random) => {
      for (let step = 0; step < STEPS; step++) {
        const uids = mailbox.entries.numbers()
        const some = choose.some(uids, choose.integer(4))
        const [flag, other] = [choose.pick(FLAGS), choose.pick(FLAGS)]
        switch (choose.integer(6)) {
          case 0:
          case 1:
            await deliver(imap.store, ['new'], ['ann@example.com', 'bob@example.com'])
            break
          case 2:
            await imap.store.mailboxes.setFlags(mailbox, some, { add: [flag], remove: [other] })
            break
          case 3:
            // Few messages, so that many hands meet on one.
            await imap.store.mailboxes.expunge(mailbox, uids.length > 8 ? some : some.slice(3))
            break
          case 4:
            await imap.store.mailboxes.copy(mailbox, some, mailbox)
            break
          case 5: {
            const arrival = await imap.store.append(mailbox, { flags: [flag], listener: 'imap' })
            await arrival.write(Buffer.from('Subject: appended\r\n\r\nx\r\n'))
            await arrival.commit()
          }
        }
      }
    }

    for (let round = 0; round < ROUNDS; round++) {
      const moves = clients.map(client => play(client, randomFrom(random.integer(2 ** 31))))
      await Promise.all([...moves, world(randomFrom(random.integer(2 ** 31)))])
      for (const [at, client] of clients.entries()) {
        const canReturn = client.kind.enabled.includes('QRESYNC')
        if (!canReturn || random.chance(0.3)) {
          await client.run('NOOP')
          await client.complete()
          assertPicture(client, mailbox)
        }
        if (!canReturn) continue
        // It goes away, and comes back with what it knows.
        client.close()
        const again = await ModelClient.open(imap.port, client.kind, login)
        again.said.push(...client.said)
        clients[at] = again
        await world(randomFrom(random.integer(2 ** 31)))
        await again.select(name, client, random.chance(0.5))
        await again.complete()
        assertPicture(again, mailbox)
      }
    }
  })
}

function assertPicture(client: ModelClient, mailbox: Mailbox): void {
  const there = [...mailbox.entries.ascending()].map(({ number, flags }) => ({
    uid: number,
    flags: [...flags],
  }))
  assert.deepEqual(
    client.messages,
    there,
    `a client with ${client.kind.enabled.join(' ') || 'nothing'}:\n${client.said.join('\n')}`,
  )
}

/** One client does this and that. */
async function play(client: ModelClient, random: Random): Promise<void> {
  for (let step = 0; step < STEPS; step++) {
    if (random.chance(0.15)) {
      const [commandTag = ''] = await client.run('IDLE')
      // As long as others take for some of what they do.
      for (let turn = random.integer(20); turn > 0; turn--) await new Promise(setImmediate)
      await client.done(commandTag)
      continue
    }
    if (random.chance(0.2)) await client.complete()
    const command = pick(client, random)
    if (command) await client.run(...command)
  }
}

function pick(client: ModelClient, random: Random): [string, string?] | null {
  const numbers = Array.from({ length: client.count }, (_, at) => at + 1)
  const some = random.some(numbers, 1 + random.integer(4))
  const uids = some.flatMap(number => client.messages[number - 1]?.uid ?? [])
  const isUid = random.chance(0.5)
  const prefix = isUid ? 'UID ' : ''
  const set = isUid ? uids.join(',') : some.join(',')
  const choice = random.integer(12)
  if (choice === 0) return ['NOOP']
  if (set === '' || choice === 1) return null
  if (choice < 4) return [`${prefix}FETCH ${set} (UID FLAGS)`]
  if (choice === 4) return ['SEARCH ALL']
  if (client.kind.isReadOnly) return null
  if (choice < 8) {
    const flags = random.some(FLAGS, 1 + random.integer(2))
    const sign = random.pick(['+', '-', ''])
    const isSilent = random.chance(0.5)
    const positions = isUid
      ? uids.map(uid => client.messages.findIndex(m => m.uid === uid))
      : some.map(n => n - 1)
    // Who asks for silence works the result out (RFC 9051 §6.4.6).
    if (isSilent) for (const at of positions) foresee(client, at, sign, flags)
    return [`${prefix}STORE ${set} ${sign}FLAGS${isSilent ? '.SILENT' : ''} (${flags.join(' ')})`]
  }
  if (choice === 8) return [random.chance(0.5) ? 'EXPUNGE' : `UID EXPUNGE ${uids.join(',') || '1'}`]
  if (choice === 9) return [`${prefix}COPY ${set} INBOX`]
  if (choice === 10) return [`${prefix}MOVE ${set} Trash`]
  return ['APPEND INBOX (\\Flagged) {17}', 'Subject: x\r\n\r\ny\r\n']
}

function foresee(client: ModelClient, at: number, sign: string, flags: readonly string[]): void {
  const message = client.messages[at]
  if (!message?.flags) return
  if (sign === '') message.flags = [...flagSet(flags)]
  else if (sign === '+') message.flags = [...changeFlags(flagSet(message.flags), flags, [])]
  else message.flags = [...changeFlags(flagSet(message.flags), [], flags)]
}
