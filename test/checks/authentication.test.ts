import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authentication } from '../../server/checks/authentication.ts'
import { checked, composed, rulesOf } from '../helpers/checked.ts'

const whole =
  'v=1; a=rsa-sha256; c=relaxed/simple; d=example.com; s=key1; t=1767323045; x=1767409445; h=From:To:Subject; bh=aGFzaA==; b=c2lnbmF0dXJl'

test('a mail without signatures has nothing to explain', async () => {
  const group = await checked(authentication, composed('x'))
  assert.deepEqual(group.findings, [])
  assert.equal(group.fields, undefined)
  assert.match(group.looked.join(), /Not verified/)
})

test('a DKIM signature is taken apart, and never said to be verified', async () => {
  const { findings, fields = [] } = await checked(
    authentication,
    composed('x', { 'DKIM-Signature': whole.replace('; d=', ';\n d=') }),
  )
  assert.deepEqual(findings, [])
  const [field] = fields
  assert.equal(fields.length, 1)
  assert.equal(field?.verified, false)
  assert.equal(field?.sourceLine, 8)
  assert.match(
    field?.summary ?? '',
    /example\.com says that it signed this mail and 3 header fields/,
  )
  const tags = Object.fromEntries(field?.tags.map(({ tag, value }) => [tag, value]) ?? [])
  assert.equal(tags.d, 'example.com')
  assert.equal(tags.t, '1767323045 (2026-01-02T03:04:05.000Z)')
  assert.ok(field?.tags.every(({ means }) => means !== 'not known here'))
})

test('what is wrong with a DKIM signature is named', async () => {
  const rules = (signature: string) =>
    rulesOf(authentication, composed('x', { 'DKIM-Signature': signature }))
  assert.deepEqual(await rules('v=1; a=rsa-sha256'), ['authentication.dkim-incomplete'])
  const cases: [string, string, string][] = [
    ['h=From:To:Subject', 'h=To:Subject', 'authentication.dkim-from'],
    ['v=1', 'v=1; l=100', 'authentication.dkim-length'],
    ['rsa-sha256', 'rsa-sha1', 'authentication.dkim-sha1'],
    ['v=1', 'v=1; v=1', 'authentication.dkim-duplicate-tag'],
    ['v=1', 'v=1; i=ann@example.org', 'authentication.dkim-agent'],
    ['x=1767409445', 'x=1767323045', 'authentication.dkim-expiry'],
    ['d=example.com', 'd=mailer.example', 'authentication.dkim-alignment'],
  ]
  for (const [from, to, rule] of cases)
    assert.deepEqual(await rules(whole.replace(from, to)), [rule])
  assert.deepEqual(await rules(whole.replace('d=', 'd=mail.')), [], 'a name below fits')
  assert.deepEqual(await rules(whole.replace('v=1', 'v=1; i=ann@a.example.com')), [])
})

const arc = (instance: number) => ({
  'ARC-Seal': `i=${instance}; a=rsa-sha256; cv=none; d=hop.example; s=a; t=1; b=x`,
  'ARC-Message-Signature': `i=${instance}; a=rsa-sha256; d=hop.example; h=from; bh=x; b=x`,
  'ARC-Authentication-Results': `i=${instance}; hop.example; spf=pass smtp.mailfrom=example.com`,
})

test('an ARC chain has three fields for each hop, numbered from 1', async () => {
  const group = await checked(authentication, composed('x', arc(1)))
  assert.deepEqual(group.findings, [])
  assert.equal(group.fields?.length, 3)
  assert.match(group.fields?.[0]?.summary ?? '', /hop\.example .*hop 1.*“none”/)
  const rules = (fields: Record<string, string | string[] | null>) =>
    rulesOf(authentication, composed('x', fields))
  assert.deepEqual(await rules(arc(2)), ['authentication.arc-chain'])
  const [one, two] = [arc(1), arc(2)]
  const both = Object.fromEntries(
    Object.keys(one).map(name => [name, [two, one].map(each => each[name as keyof typeof one])]),
  )
  assert.deepEqual(await rules(both), [])
  assert.deepEqual(await rules({ ...both, 'ARC-Seal': one['ARC-Seal'] }), [
    'authentication.arc-chain',
  ])
  assert.deepEqual(await rules({ 'ARC-Seal': null, 'ARC-Message-Signature': 'i=1' }), [
    'authentication.arc-chain',
  ])
})

test('SPF and other results are explained as what somebody says', async () => {
  const { fields = [] } = await checked(
    authentication,
    composed('x', {
      'Received-SPF':
        'softfail (mx.example: domain of a@b.example) client-ip=192.0.2.1; envelope-from=a@b.example;',
      'Authentication-Results': 'mx.example; dkim=pass header.d=example.com; spf=fail',
    }),
  )
  assert.match(fields[0]?.summary ?? '', /“softfail”: the domain probably does not let/)
  assert.deepEqual(
    fields[0]?.tags.map(({ tag, value }) => [tag, value]),
    [
      ['client-ip', '192.0.2.1'],
      ['envelope-from', 'a@b.example'],
    ],
  )
  assert.deepEqual(
    fields[1]?.tags.map(({ tag, value }) => [tag, value]),
    [
      ['server', 'mx.example'],
      ['dkim', 'pass header.d=example.com'],
      ['spf', 'fail'],
    ],
  )
})

test('what is cut breaks no character in two', async () => {
  const long = `${'x'.repeat(299)}😀😀`
  const domain = `${'x'.repeat(280)}😀`
  const group = await checked(
    authentication,
    composed('x', {
      'DKIM-Signature': `v=1; z=${long}`,
      'Authentication-Results': `${long}; spf=${long}`,
      From: `a@${'y'.repeat(18)}😀`,
      'Received-SPF': `pass problem=${long}`,
    }),
  )
  const values = group.fields?.flatMap(({ tags }) => tags.map(({ value }) => value)) ?? []
  assert.equal(values.filter(value => /^x{299}$/.test(value)).length, 4)
  const titles = await checked(
    authentication,
    composed('x', { 'DKIM-Signature': `d=${domain}`, From: 'a@example.com' }),
  )
  for (const text of [JSON.stringify(group), JSON.stringify(titles)]) {
    assert.doesNotMatch(text, /\\u[dD][89a-fA-F]/)
  }
})

test('a tag that is called as what every object has is not known', async () => {
  const { fields = [] } = await checked(
    authentication,
    composed('x', {
      'DKIM-Signature': '__proto__=1; constructor=2; toString=3',
      'Received-SPF': 'constructor __proto__=1',
    }),
  )
  const told = fields.flatMap(({ tags }) => tags.map(({ means }) => means))
  assert.deepEqual(told, Array(4).fill('not known here'))
  assert.match(fields[1]?.summary ?? '', /: a result that is not known here\.$/)
})
