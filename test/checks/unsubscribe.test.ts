import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesOf, unsubscribe } from '../../server/checks/unsubscribe.ts'
import { checked, composed, rulesOf } from '../helpers/checked.ts'

const signature =
  'v=1; a=rsa-sha256; d=example.com; s=k; h=from:list-unsubscribe:list-unsubscribe-post; bh=x; b=x'
const whole = {
  'List-Unsubscribe': '<https://example.com/u/1>, <mailto:off@example.com?subject=u>',
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  'DKIM-Signature': signature,
}
const rules = (fields: Record<string, string | string[] | null>) =>
  rulesOf(unsubscribe, composed('x', fields))

test('one click as RFC 8058 wants it has nothing wrong, nor has a mail to one person', async () => {
  assert.deepEqual(await rules(whole), [])
  assert.deepEqual(await rules({}), [])
})

test('a mail to many needs a way off the list', async () => {
  assert.deepEqual(await rules({ 'List-Id': '<news.example.com>' }), ['unsubscribe.missing'])
  assert.deepEqual(await rules({ Precedence: 'bulk' }), ['unsubscribe.missing'])
  assert.deepEqual(await rules({ ...whole, 'List-Id': '<news.example.com>' }), [])
})

test('what is wrong with the fields is named', async () => {
  const cases: [Record<string, string | string[] | null>, string[]][] = [
    [{ 'List-Unsubscribe-Post': null }, ['unsubscribe.no-one-click']],
    [{ 'List-Unsubscribe': null }, ['unsubscribe.post-alone']],
    [{ 'List-Unsubscribe-Post': 'List-Unsubscribe=one-click' }, ['unsubscribe.bad-post']],
    [
      { 'List-Unsubscribe': 'https://example.com/u' },
      ['unsubscribe.malformed', 'unsubscribe.no-https'],
    ],
    [
      { 'List-Unsubscribe': '<http://example.com/u>' },
      ['unsubscribe.no-https', 'unsubscribe.insecure'],
    ],
    [{ 'List-Unsubscribe': '<https://example.com/u>, <ftp://x/>' }, ['unsubscribe.scheme']],
    [{ 'List-Unsubscribe': '<https://a/>, <https://[/>' }, ['unsubscribe.broken']],
    [{ 'List-Unsubscribe': ['<https://a/>', '<https://b/>'] }, ['unsubscribe.duplicate']],
    [{ 'DKIM-Signature': null }, ['unsubscribe.unsigned']],
    [
      { 'DKIM-Signature': signature.replace(':list-unsubscribe-post', '') },
      ['unsubscribe.not-signed'],
    ],
  ]
  for (const [fields, expected] of cases)
    assert.deepEqual(await rules({ ...whole, ...fields }), expected, JSON.stringify(fields))
})

test('addresses are read as RFC 2369 §2 says', () => {
  assert.deepEqual(addressesOf(' (comment) <mailto:a@b>, (x)\n <https://c/ d>'), [
    'mailto:a@b',
    'https://c/d',
  ])
  assert.deepEqual(addressesOf('<a:1> junk, <b:2>'), ['a:1'])
  assert.deepEqual(addressesOf('<a:1>, b:2, <c:3>'), ['a:1'])
  assert.deepEqual(addressesOf('mailto:a@b'), [])
  assert.deepEqual(addressesOf('<a:1'), [])
  const began = performance.now()
  addressesOf(`(${'('.repeat(900_000)}`)
  addressesOf('()'.repeat(400_000))
  assert.ok(performance.now() - began < 1_000)
})

test('what is told of the addresses breaks no character in two', async () => {
  const field = `<https://example.com/${'x'.repeat(179)}😀>`
  const { looked } = await checked(unsubscribe, composed('x', { 'List-Unsubscribe': field }))
  assert.match(looked.at(-1) ?? '', /x{179}$/)
})
