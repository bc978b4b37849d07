import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Maildrop } from '../../server/pop3/maildrop.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { usualStore } from '../helpers/store.ts'

async function openStore(t: { after(end: () => Promise<void>): void }) {
  const store = await MailStore.open({
    ...usualStore,
    maxMessages: 100_000,
  })
  t.after(() => store.close())
  const put = async (text: string) => {
    const arrival = store.receive({
      envelope: { mailFrom: '', rcptTo: ['ann@example.com'] },
      listener: 'smtp',
    })
    await arrival.write(Buffer.from(text))
    await arrival.commit()
  }
  return { store, put, account: store.mailboxes.open('any') }
}

test('the oldest is 1, over the blocks of the store, and what comes later is not there', async t => {
  const { store, put, account } = await openStore(t)
  for (let serial = 1; serial <= 2_050; serial++) await put(`n: ${serial}\r\n`)
  await store.remove([1, 2, 1_000, 2_049])
  const maildrop = new Maildrop(account.inbox)
  await put('late: yes\r\n')
  await store.remove([3, 2_050])
  assert.equal(maildrop.size, 2_046)
  assert.equal(maildrop.total, 2_046)
  assert.equal(maildrop.get(1).number, 3)
  assert.equal(maildrop.get(998).number, 1_001)
  assert.equal(maildrop.get(2_046).number, 2_050)
  for (const number of [2_047, 4_294_967_295]) {
    assert.throws(() => maildrop.get(number), /no such message, there are 2046/)
  }
  const all = [...maildrop.messages()]
  assert.equal(all.length, 2_046)
  for (const [number, entry] of all) assert.equal(maildrop.get(number), entry)
  assert.equal(maildrop.uniqueId(maildrop.get(1)), `${account.inbox.uidValidity}.3`)
})

test('counts octets as a client gets them, and neither messages nor octets of what is marked', async t => {
  const { put, account } = await openStore(t)
  for (const text of ['a: b\r\n\r\nc\r\n', 'a: b\n\nc\n', 'a: b\r\n\r\nc', '']) await put(text)
  const maildrop = new Maildrop(account.inbox)
  assert.equal(maildrop.octets, 33)
  maildrop.delete(2)
  assert.deepEqual([maildrop.total, maildrop.octets], [3, 22])
  maildrop.delete(4)
  assert.deepEqual([maildrop.total, maildrop.octets], [2, 22])
  assert.throws(() => maildrop.delete(2), /message 2 is deleted/)
  assert.deepEqual(maildrop.deletedUids(), [2, 4])
  assert.deepEqual(
    [...maildrop.messages()].map(([number]) => number),
    [1, 3],
  )
  maildrop.reset()
  assert.deepEqual([maildrop.total, maildrop.octets], [4, 33])
  assert.deepEqual(maildrop.deletedUids(), [])
})
