import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { mailsTo } from '../helpers/arrived.ts'
import { askImap, openImap } from '../helpers/imap.ts'
import { Pop3Client } from '../helpers/pop3.ts'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { getText } from '../helpers/round-trip.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { startVictim } from '../helpers/victim.ts'

// What others crashed by: the same mails sent, read, marked and deleted at the same time, by every way that there is.

const CROWD = 'crowd@example.com'
const SENDERS = 6
const MAILS = 40
const victim = await startVictim({ after })
const { smtp, pop3, imap } = victim.ports

/** What becomes of a mail: it stays, or goes by one of the ways. */
const FATES = ['stays', 'goes-by-http', 'goes-by-imap', 'goes-by-pop3'] as const

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const asked = request(`${victim.url}${path}`, {
    method,
    agent: false,
    ...(body && { headers: { 'content-type': 'application/json' } }),
  }).end(body && JSON.stringify(body))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const answer = await text(response)
  assert.equal(response.statusCode, 200, answer)
  return JSON.parse(answer)
}

async function sendMany(name: number, ids: Map<number, string>): Promise<void> {
  const sender = await Sender.open(smtp)
  for (let at = 0; at < MAILS; at++) {
    const fate = FATES[at % FATES.length] as string
    const message = `To: ${CROWD}\r\nSubject: ${fate} ${name} ${at}\r\n\r\nbody\r\n`
    const reply = await sender.send(dataOf(Buffer.from(message)), 'app@example.com', CROWD)
    ids.set(Number(/queued as (\d+)/.exec(reply)?.[1]), fate)
  }
  sender.close()
}

async function workByHttp(): Promise<number> {
  await ask('PATCH', 'v1/messages?all=true', { unread: false, addTags: ['seen'] })
  await getText(victim, `v1/messages?rcpt=${CROWD}&limit=200`)
  const { deleted } = (await ask('DELETE', 'v1/messages?subject=goes-by-http')) as {
    deleted: number
  }
  return deleted
}

async function workByImap(user: string): Promise<number> {
  const wire = await openImap(imap ?? 0, user)
  await askImap(wire, 'SELECT INBOX')
  await askImap(wire, 'FETCH 1:* (UID FLAGS ENVELOPE BODY.PEEK[])')
  await askImap(wire, 'STORE 1:* +FLAGS (\\Seen)')
  const found = (await askImap(wire, 'UID SEARCH SUBJECT goes-by-imap')).find(line =>
    line.startsWith('* SEARCH '),
  )
  const uids = found?.slice(9).split(' ').join(',')
  let expunged = 0
  if (uids) {
    await askImap(wire, `UID STORE ${uids} +FLAGS (\\Deleted)`)
    const answers = await askImap(wire, `UID EXPUNGE ${uids}`)
    assert.match(answers.at(-1) ?? 'closed', /^OK/)
    expunged = answers.filter(line => / EXPUNGE$/.test(line)).length
  }
  wire.destroy()
  return expunged
}

async function workByPop3(): Promise<number> {
  const client = await Pop3Client.login(pop3 ?? 0, CROWD)
  const total = (await client.fetch('LIST')).split('\r\n').length - 1
  let deleted = 0
  for (let number = 1; number <= Math.min(total, 20); number++) {
    const answer = await client.ask(`TOP ${number} 0`)
    // Another way was quicker.
    if (!answer.startsWith('+OK')) continue
    if (!(await client.rest()).includes('goes-by-pop3')) continue
    if ((await client.ask(`DELE ${number}`)).startsWith('+OK')) deleted++
  }
  assert.match(await client.ask('QUIT'), /^(?:\+OK|-ERR)/)
  await client.over()
  return deleted
}

test('concurrent-map crash: the same mails are sent, read, marked and deleted by all ways at once', {
  skip: noProcessFigures,
}, async () => {
  // The worker that searches is begun at first use, and stays.
  await getText(victim, 'v1/messages?text=/never/')
  await victim.survives(async () => {
    const ids = new Map<number, string>()
    const taken = { http: 0, imap: 0, account: 0, pop3: 0 }
    let isSent = false
    const repeat = async (way: keyof typeof taken, work: () => Promise<number>) => {
      while (!isSent || taken[way] === 0) {
        const more = await work()
        taken[way] += more
      }
    }
    const sent = Promise.all(Array.from({ length: SENDERS }, (_, at) => sendMany(at, ids))).finally(
      () => {
        isSent = true
      },
    )
    await Promise.all([
      sent,
      repeat('http', workByHttp),
      repeat('imap', () => workByImap('ann')),
      repeat('account', () => workByImap(CROWD)),
      repeat('pop3', workByPop3),
    ])
    // The control: each way really took some away while others were there; `repeat` ends with none else.
    assert.equal(ids.size, SENDERS * MAILS)
    await workByHttp()
    await workByImap('ann')
    const left = new Map((await mailsTo(victim, CROWD)).map(({ id, subject }) => [id, subject]))
    for (const [id, fate] of ids) {
      const isKept = fate === 'stays' || fate === 'goes-by-pop3'
      assert.equal(left.has(id), isKept, `${id} ${fate}`)
      if (isKept) assert.match(await getText(victim, `v1/messages/${id}/raw`), new RegExp(fate))
    }
  })
})
