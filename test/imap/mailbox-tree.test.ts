import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxTree } from '../../server/imap/mailbox-tree.ts'
import { isTurnOver, nextTurn } from '../../server/imap/turns.ts'
import { Account } from '../../server/store/account.ts'

const output = {
  get mustPauseNow() {
    return isTurnOver()
  },
  pause: nextTurn,
}

test('names that are subscribed to, and those above them, are in order and come once', async () => {
  const account = new Account(2, 'ann@example.com')
  for (const name of ['b/c/d', 'a', 'b/c', 'INBOX/x', 'é/ü']) account.subscriptions.add(name)
  const tree = await mailboxTree(account, { hasSubscribed: true, output })
  assert.deepEqual(
    tree.map(({ name, isSubscribed }) => `${name}${isSubscribed ? ' subscribed' : ''}`),
    [
      'INBOX',
      'INBOX/x subscribed',
      'a subscribed',
      'b',
      'b/c subscribed',
      'b/c/d subscribed',
      'é',
      'é/ü subscribed',
    ],
  )
  assert.deepEqual(await mailboxTree(account, { hasSubscribed: false, output }), [])
})

test('a hundred thousand names hold nobody up', async () => {
  const account = new Account(2, 'ann@example.com')
  for (let number = 0; number < 5_000; number++) {
    const level = `${number}`.padStart(90, 'a')
    account.subscriptions.add(Array.from({ length: 20 }, () => level).join('/'))
  }
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const begun = performance.now()
  const tree = await mailboxTree(account, { hasSubscribed: true, output })
  const took = performance.now() - begun
  clearInterval(timer)
  assert.equal(tree.length, 100_000)
  assert.ok(turns > took / 100, `others had ${turns} turns in ${took} ms`)
})
