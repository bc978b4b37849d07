import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Inbox, InboxList, MessageList } from '../../server/http/resources.ts'
import { Cli, makeHome } from '../helpers/cli.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'

const call = async (url: string, method: string, path: string, body?: unknown) => {
  const response = await fetch(`${url}v1/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  assert.ok(response.ok, `${method} ${path}: ${response.status}`)
  return (await response.json()) as unknown
}

test('kill -9 right after an answer loses no inbox, and brings none back', async t => {
  const seed = chosenSeed()
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const home = makeHome()
  t.after(home.remove)
  const living = new Map<string, Inbox>()
  const mail = new Map<number, string[]>()
  for (let round = 0; round < 5; round++) {
    const ports = ['--smtp-port', '0', '--pop3-port', '0', '--http-port', '0']
    const cli = new Cli(['--json', ...ports], { home: home.path })
    const { url } = await cli.ready()
    const { inboxes } = (await call(url, 'GET', 'inboxes')) as InboxList
    const logins = (all: Iterable<Inbox>) =>
      [...all].map(({ id, smtp, expiresAt, route }) => [id, smtp.password, expiresAt, route]).sort()
    assert.deepEqual(logins(inboxes), logins(living.values()), `MAILCATCH_SEED=${seed}`)
    const { messages } = (await call(url, 'GET', 'messages')) as MessageList
    assert.deepEqual(
      messages.map(({ id }) => id).reverse(),
      [...mail.keys()].sort((a, b) => a - b),
      `MAILCATCH_SEED=${seed}`,
    )
    for (const { id, total } of inboxes) {
      const own = [...mail.values()].filter(ids => ids.includes(id))
      assert.equal(total, own.length, `MAILCATCH_SEED=${seed}`)
    }

    const make = async () => {
      const wish = { route: { domains: [random.pick(['a.example', 'b.example'])] } }
      const inbox = (await call(url, 'POST', 'inboxes', wish)) as Inbox
      living.set(inbox.id, inbox)
    }
    const send = async () => {
      const to = `ann@${random.pick(['a', 'b', 'c'])}.example`
      const { id } = (await call(url, 'POST', 'messages', { from: 'x@x', to, text: 'x' })) as {
        id: number
      }
      const isOf = ({ route }: Inbox) => route.domains.includes(to.slice(4))
      mail.set(
        id,
        [...living.values()].filter(isOf).map(inbox => inbox.id),
      )
    }
    const end = async () => {
      const [id] = random.some([...living.keys()], 1)
      if (id === undefined) return
      await call(url, 'DELETE', `inboxes/${id}`)
      living.delete(id)
      for (const [number, ids] of mail) {
        if (ids.includes(id) && !ids.some(other => living.has(other))) mail.delete(number)
      }
    }
    for (let step = 0; step < 12; step++) await random.pick([make, send, send, end])()
    // What the process last acknowledged, in turn.
    await [make, end, send][round % 3]?.()
    cli.child.kill('SIGKILL')
    await cli.exited
  }
})
