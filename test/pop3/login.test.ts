import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { State } from '../../server/pop3/command.ts'
import { login, prepareCredentials } from '../../server/pop3/login.ts'
import { Pop3Error } from '../../server/pop3/reply.ts'
import { startPop3 } from '../helpers/pop3.ts'

const refused = (code: Pop3Error['code']) => (error: unknown) =>
  error instanceof Pop3Error && error.code === code

const close = (state: State | undefined) => {
  assert.equal(state?.name, 'transaction')
  state.close()
}

test('opens the maildrop of who proved to be somebody, and gives it free', async t => {
  const { store, put } = await startPop3(t)
  await put('Subject: x\r\n\r\n', ['ann@example.com'])
  const service = {
    store,
    auth: prepareCredentials({ user: 'te\u0301am', password: 'se\u00adcret' }),
    allowDelete: true,
    startTls: true,
    maxAge: null,
    lockPatience: 0,
  }
  const respond = (user: string, password: string) =>
    login(service, { mechanism: 'PLAIN', user, password })

  const first = await respond('téam', 'secret')
  assert.equal(first.text, '1 message')
  await assert.rejects(respond('te\u0301am', 'secret'), refused('IN-USE'))
  const other = await respond('ann@example.com', 'secret')
  assert.equal(other.text, '1 message')
  const nobody = await respond('bob@example.com', 'secret')
  assert.equal(nobody.text, '0 messages')
  for (const { state } of [first, other, nobody]) close(state)
  close((await respond('téam', 'secret')).state)

  for (const [user, password] of [
    ['téam', 'wrong'],
    ['team', 'secret'],
    ['ann@example.com', 'wrong'],
    ['téam\u0000', 'secret'],
    ['téam', 'secret\ue000'],
    [`${'x'.repeat(1_000)}@example.com`, 'secret'],
  ] as const) {
    await assert.rejects(respond(user, password), refused('AUTH'), user)
  }
  for (const account of ['', 'ann@example.com', 'bob@example.com']) {
    assert.equal(store.mailboxes.open(account).sessions, 1, account)
  }
})
