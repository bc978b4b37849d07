import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headers } from '../../server/checks/headers.ts'
import { checked, composed, findingOf, rulesOf } from '../helpers/checked.ts'

test('a header as it should be has nothing wrong', async () => {
  const group = await checked(headers, composed('Hello'))
  assert.deepEqual(group.findings, [])
  assert.equal(group.state, 'done')
  assert.match(group.looked.join(), /7 header fields/)
})

test('what is missing is named', async () => {
  const bare = composed('Hello', {
    From: null,
    To: null,
    Subject: null,
    Date: null,
    'Message-ID': null,
    'MIME-Version': null,
  })
  assert.deepEqual(await rulesOf(headers, bare), [
    'headers.no-from',
    'headers.no-date',
    'headers.no-message-id',
    'headers.no-subject',
    'headers.no-mime-version',
    'headers.no-recipient',
  ])
  assert.deepEqual(await rulesOf(headers, composed('x', { Subject: '  ' })), ['headers.no-subject'])
  assert.deepEqual(await rulesOf(headers, composed('x', { To: null, Bcc: 'a@example.com' })), [])
  const plain = composed('x', { 'Content-Type': null, 'MIME-Version': null })
  assert.deepEqual(await rulesOf(headers, plain), [], 'a text without a type needs no MIME-Version')
})

test('a field that stands twice is named with its lines', async () => {
  const mail = composed('x', { Subject: ['One', 'Two'], Received: ['by a', 'by b'] })
  const { title, severity, count, where } = await findingOf(headers, mail, 'headers.duplicate')
  assert.deepEqual([title, severity, count], ['Subject stands more than once', 'error', 2])
  assert.deepEqual(where, [
    { header: 'Subject', sourceLine: 3, excerpt: 'One' },
    { header: 'Subject', sourceLine: 4, excerpt: 'Two' },
  ])
  assert.deepEqual(await rulesOf(headers, mail), ['headers.duplicate'])
})

test('what is malformed is named', async () => {
  const rules = (fields: Record<string, string>) => rulesOf(headers, composed('x', fields))
  assert.deepEqual(await rules({ Date: 'yesterday' }), ['headers.bad-date'])
  for (const id of ['1@example.com', '<1>', '<a b@c>', '<@x>'])
    assert.deepEqual(await rules({ 'Message-ID': id }), ['headers.bad-message-id'], id)
  assert.deepEqual(await rules({ 'Message-ID': '<a.b+c@[127.0.0.1]>' }), [])
  assert.deepEqual(await rules({ From: 'a@example.com, b@example.com' }), ['headers.no-sender'])
  assert.deepEqual(
    await rules({ From: 'a@example.com, b@example.com', Sender: 'a@example.com' }),
    [],
  )
  assert.deepEqual(await rules({ From: ' ' }), ['headers.empty-from'])
})

test('octets outside ASCII are told apart by whether they are UTF-8', async () => {
  assert.deepEqual(await rulesOf(headers, composed('x', { Subject: 'Grüße' })), ['headers.utf8'])
  const latin1 = Buffer.from(composed('x', { Subject: 'Gr\u00fc\u00dfe' }).toString(), 'latin1')
  assert.deepEqual(await rulesOf(headers, latin1), ['headers.8-bit'])
  const encoded = composed('Grüße', { Subject: '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=' })
  assert.deepEqual(await rulesOf(headers, encoded), [], 'a body may have them')
})

test('lines are measured without their ends', async () => {
  const just = composed(`${'x'.repeat(998)}\n${'y'.repeat(200)}`, { 'X-Y': 'z'.repeat(73) })
  assert.deepEqual(await rulesOf(headers, just), [])
  const over = composed(`a\n${'x'.repeat(999)}`, { 'X-Y': 'z'.repeat(74) })
  assert.deepEqual(await rulesOf(headers, over), ['headers.line-too-long', 'headers.line-long'])
  const { where } = await findingOf(headers, over, 'headers.line-too-long')
  assert.deepEqual(where, [{ sourceLine: 11 }])
})
