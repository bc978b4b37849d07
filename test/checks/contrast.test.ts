import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessibility } from '../../server/checks/accessibility.ts'
import { findingOf, htmlMail, rulesOf } from '../helpers/checked.ts'

const mail = (body: string, style = '') =>
  htmlMail(
    `<html lang="en"><head><title>T</title>${style && `<style>${style}</style>`}</head><body>${body}</body></html>`,
  )
const rules = (body: string, style?: string) => rulesOf(accessibility, mail(body, style))

test('contrast is computed through the elements around', async () => {
  assert.deepEqual(await rules('<p style="color:#767676">x'), [])
  assert.deepEqual(await rules('<p style="color:#777777">x'), ['accessibility.contrast'])
  assert.deepEqual(await rules('<p style="color:#ccc">x'), ['accessibility.contrast-faint'])
  assert.deepEqual(await rules('<div style="background:#000"><p style="color:#666">x</div>'), [
    'accessibility.contrast',
  ])
  assert.deepEqual(
    await rules('<table role="none" bgcolor="#000080"><td><font color="white">x'),
    [],
  )
  assert.deepEqual(await rules('<table role="none" bgcolor="#000080"><td>x'), [
    'accessibility.contrast-faint',
  ])
  assert.deepEqual(await rules('<div style="background:black"><a href="https://a/">Blue</a>'), [
    'accessibility.contrast',
  ])
})

test('large text needs less', async () => {
  assert.deepEqual(await rules('<p style="color:#8a8a8a;font-size:24px">x'), [])
  assert.deepEqual(await rules('<p style="color:#8a8a8a;font-size:18pt">x'), [])
  assert.deepEqual(await rules('<p style="color:#8a8a8a;font-size:19px"><b>x</b>'), [])
  assert.deepEqual(await rules('<p style="color:#8a8a8a;font-size:19px">x'), [
    'accessibility.contrast',
  ])
  assert.deepEqual(await rules('<h1 style="color:#8a8a8a">x</h1>'), [])
})

test('see-through colours are laid over what is behind them', async () => {
  assert.deepEqual(await rules('<p style="color:rgba(0,0,0,.3)">x'), ['accessibility.contrast'])
  assert.deepEqual(await rules('<p style="color:rgba(0,0,0,.9)">x'), [])
})

test('what a style sheet or an image decides is left out', async () => {
  const faint = '<p class="a" style="background:#fff">x'
  assert.deepEqual(await rules(faint, '.a { color: #eee }'), [])
  assert.deepEqual(await rules('<p style="color:#eee" class="b">x', '.b { background: black }'), [])
  assert.deepEqual(await rules('<p style="color:#eee" class="c">x', '.b { background: black }'), [
    'accessibility.contrast-faint',
  ])
  assert.deepEqual(await rules('<div style="background:url(a.png)"><p style="color:#fff">x'), [])
  assert.deepEqual(
    await rules('<div style="background:linear-gradient(red,blue)"><p style="color:#fff">x'),
    [],
  )
})

test('hidden text is not judged, and text that is hard to read is', async () => {
  for (const style of [
    'display:none',
    'visibility:hidden',
    'opacity:0',
    'max-height:0',
    'font-size:1px',
  ])
    assert.deepEqual(await rules(`<div style="color:#fff;${style}">Preheader</div>`), [], style)
  assert.deepEqual(await rules('<p style="font-size:0"><span style="font-size:14px">x</span>'), [])
  assert.deepEqual(await rules('<p style="font-size:9px">x'), ['accessibility.small-text'])
})

test('the finding says the colours', async () => {
  const { where } = await findingOf(
    accessibility,
    mail('<p style="color:gray;background:silver">Sale</p>'),
    'accessibility.contrast',
  )
  assert.match(where[0]?.excerpt ?? '', /^2\.2 : 1, #808080 on #c0c0c0: <p style/)
})
