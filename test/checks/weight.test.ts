import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GMAIL_CLIPS_AT, kilobytes, weight } from '../../server/checks/weight.ts'
import { checked, composed, htmlMail, rulesOf } from '../helpers/checked.ts'

const html = (octets: number): Buffer => htmlMail('<p>x\n'.repeat(Math.ceil(octets / 5)))

test('a light mail is told how light it is', async () => {
  const group = await checked(weight, html(10_240))
  assert.deepEqual(group.findings, [])
  assert.match(group.looked.join(), /HTML part 1: 10\.0 kB/)
})

test('Gmail clips above 102 kB of decoded HTML, and a warning comes before', async () => {
  assert.deepEqual(await rulesOf(weight, html(GMAIL_CLIPS_AT * 0.84)), [])
  assert.deepEqual(await rulesOf(weight, html(GMAIL_CLIPS_AT * 0.9)), ['weight.gmail-nearly-clips'])
  assert.deepEqual(await rulesOf(weight, html(GMAIL_CLIPS_AT + 6)), ['weight.gmail-clips'])
  const text = composed('x\n'.repeat(100_000))
  assert.deepEqual(await rulesOf(weight, text), [], 'a text is not clipped')
})

test('octets count, not characters', async () => {
  assert.deepEqual(await rulesOf(weight, htmlMail('ü'.repeat(GMAIL_CLIPS_AT / 2 + 1))), [
    'weight.gmail-clips',
  ])
})

test('what makes the HTML heavy is named', async () => {
  const image = `<img src="data:image/png;base64,${'A'.repeat(52_000)}">`
  assert.deepEqual(await rulesOf(weight, htmlMail(image)), ['weight.data-images'])
  const notes = `<!--${'x'.repeat(11_000)}--><p>x`
  assert.deepEqual(await rulesOf(weight, htmlMail(notes)), ['weight.comments'])
  const outlook = `<!--[if mso]>${'x'.repeat(11_000)}<![endif]--><p>x`
  assert.deepEqual(await rulesOf(weight, htmlMail(outlook)), [])
})

test('a message that servers refuse is told', async () => {
  assert.deepEqual(await rulesOf(weight, composed('x\n'.repeat(3_600_000))), ['weight.message'])
})

test('sizes are told for people', () => {
  assert.deepEqual([500, 2_048, 3 * 1024 * 1024].map(kilobytes), ['0.5 kB', '2.0 kB', '3.0 MB'])
})
