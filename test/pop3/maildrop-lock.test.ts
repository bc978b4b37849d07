import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { lockMaildrop } from '../../server/pop3/maildrop-lock.ts'
import { Account } from '../../server/store/account.ts'

// Waiting alone does not keep a process running; a client's connection does.
const connection = setInterval(() => {}, 60_000)
after(() => clearInterval(connection))

test('one at a time; the one who waits the longest is next', async () => {
  const account = new Account(2, 'ann@example.com')
  const other = new Account(3, 'bob@example.com')
  const first = await lockMaildrop(account, 0)
  assert.ok(first)
  assert.ok(await lockMaildrop(other, 0))
  assert.equal(await lockMaildrop(account, 0), null)

  const order: number[] = []
  const waiting = [1, 2, 3].map(async number => {
    const unlock = await lockMaildrop(account, 60_000)
    order.push(number)
    assert.ok(unlock)
    assert.equal(await lockMaildrop(account, 0), null)
    unlock()
  })
  first()
  await Promise.all(waiting)
  assert.deepEqual(order, [1, 2, 3])
  assert.ok(await lockMaildrop(account, 0))
})

test('who gave up waiting is not next', async () => {
  const account = new Account(2, 'ann@example.com')
  const first = await lockMaildrop(account, 0)
  assert.equal(await lockMaildrop(account, 1), null)
  first?.()
  assert.ok(await lockMaildrop(account, 0))
})
