import assert from 'node:assert/strict'
import { test } from 'node:test'
import { targetOf } from '../../../server/mime/extract/target.ts'

test('without the parameters that count clicks', () => {
  assert.equal(
    targetOf('https://a.example/c?utm_source=x&t=1&MC_CID=2&gclid=3#top'),
    'https://a.example/c?t=1#top',
  )
  assert.equal(targetOf('https://a.example/c?utm_source=x'), 'https://a.example/c')
})

test('everything else as it is', () => {
  for (const href of [
    'https://a.example/c?t=1&&x',
    'https://a.example/#/c?utm=1',
    'mailto:a@a.example?subject=x',
    '{{ link }}',
    '',
  ]) {
    assert.equal(targetOf(href), href)
  }
})

test('letters beyond ASCII as they are sent', () => {
  assert.equal(targetOf('https://a.example/é?y=é'), 'https://a.example/%C3%A9?y=%C3%A9')
})
