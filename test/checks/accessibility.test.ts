import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessibility } from '../../server/checks/accessibility.ts'
import { checked, findingOf, htmlMail, rulesOf } from '../helpers/checked.ts'

const page = (body: string, head = '<title>T</title>') =>
  htmlMail(`<!doctype html>\n<html lang="en"><head>${head}</head><body>\n${body}\n</body></html>`)
const rules = (body: string, head?: string) => rulesOf(accessibility, page(body, head))

test('a mail for everybody has nothing wrong', async () => {
  const group = await checked(
    accessibility,
    page(`<h1>A</h1><h2>B</h2><table role="presentation"><tr><td><p>Text</p></td></tr></table>
<table><caption>Prices</caption><tr><th>Item</th></tr><tr><td>1</td></tr></table>
<a href="https://a.example/">Reset your password</a>`),
  )
  assert.deepEqual(group.findings, [])
  assert.match(group.looked.join(), /2 headings, 2 tables/)
})

test('language and title are asked for', async () => {
  assert.deepEqual(
    await rulesOf(accessibility, htmlMail('<html><head><title>T</title></head><p>x')),
    ['accessibility.no-language'],
  )
  assert.deepEqual(await rulesOf(accessibility, htmlMail('<div lang="de"><p>x</div>')), [])
  assert.deepEqual(await rules('<p>x', ''), ['accessibility.no-title'])
  assert.deepEqual(await rules('<p>x', '<title> </title>'), ['accessibility.empty-title'])
})

test('headings are in order, and say something', async () => {
  assert.deepEqual(await rules('<h1>A</h1><h3>B</h3>'), ['accessibility.heading-order'])
  assert.deepEqual(await rules('<h1>A</h1><h2>B</h2><h1>C</h1>'), [])
  assert.deepEqual(await rules('<h2> <br></h2>'), ['accessibility.empty-heading'])
  assert.deepEqual(await rules('<h2><img alt="Example" src="x"></h2>'), [])
  assert.deepEqual(await rules('<p>word word word</p>'.repeat(1_200)), ['accessibility.no-heading'])
})

test('layout tables say that they are', async () => {
  const { count, where } = await findingOf(
    accessibility,
    page(
      '<table><tr><td><table role="none"><tr><td>x</table></table>\n<table border=1><tr><td>y</table>',
    ),
    'accessibility.layout-table',
  )
  assert.equal(count, 2)
  assert.deepEqual(
    where.map(({ line, excerpt }) => [line, excerpt]),
    [
      [3, '<table>'],
      [4, '<table border=1>'],
    ],
  )
})

test('a link says where it leads', async () => {
  for (const text of ['Click here', 'here!', 'Read more »', '<img alt="more" src="x">'])
    assert.deepEqual(
      await rules(`<a href="https://a/">${text}</a>`),
      ['accessibility.vague-link'],
      text,
    )
  assert.deepEqual(await rules('<a href="https://a/">Read more about cats</a>'), [])
})
