import assert from 'node:assert/strict'
import { test } from 'node:test'
import { text } from '../../server/checks/text.ts'
import { composed, findingOf, htmlMail, rulesOf } from '../helpers/checked.ts'

const both = (plain: string, html: string): Buffer =>
  composed(
    `--b\nContent-Type: text/plain; charset=utf-8\n\n${plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n${html}\n--b--`,
    { 'Content-Type': 'multipart/alternative; boundary=b' },
  )
const words = 'Your order number 4711 will be sent tomorrow to the address below'

test('text alone is fine, and so are text and HTML that say the same', async () => {
  assert.deepEqual(await rulesOf(text, composed('Hello')), [])
  assert.deepEqual(await rulesOf(text, both(words, `<p>${words}</p>`)), [])
  const linked = both(
    `${words} https://example.com/a/b`,
    `<p>${words} <a href="https://x/">Go</a></p>`,
  )
  assert.deepEqual(await rulesOf(text, linked), [])
  assert.deepEqual(await rulesOf(text, both('Short', '<p>Other</p>')), [], 'too few words to tell')
})

test('a missing, empty or marked up text part is told', async () => {
  assert.deepEqual(await rulesOf(text, htmlMail('<p>Hello')), ['text.missing'])
  assert.deepEqual(await rulesOf(text, both(' ', `<p>${words}`)), ['text.empty'])
  assert.deepEqual(await rulesOf(text, both(`<p>${words}</p>`, `<p>${words}`)), ['text.markup'])
  assert.deepEqual(await rulesOf(text, composed('')), ['text.nothing'])
  assert.deepEqual(await rulesOf(text, both('', '<br>')), ['text.nothing'])
})

test('a text that says something else is told with how much it shares', async () => {
  const mail = both('View this mail in your browser: your order', `<p>${words}</p>`)
  const { title, where } = await findingOf(text, mail, 'text.unlike')
  assert.match(title, /17 %/)
  assert.deepEqual(where, [{ part: '1' }])
})

test('scripts without spaces are compared by their characters', async () => {
  const japanese = '新しいパスワードを設定してください'
  assert.deepEqual(await rulesOf(text, both(japanese, `<p>${japanese}</p>`)), [])
  assert.deepEqual(await rulesOf(text, both('hello', `<p>${japanese}</p>`)), ['text.unlike'])
})
