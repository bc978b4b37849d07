import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MAX_HREF, MAX_IMAGES, MAX_LINKS } from '../../../server/mime/extract/link.ts'
import { linkMails } from './link-mails.ts'
import { read } from './mail.ts'

/** Characters of a link's text. */
const MAX_TEXT = 200

describe('the links of a mail', () => {
  for (const { name, kinds, ...mail } of linkMails) {
    test(name, async () => {
      const { links } = await read(mail)
      assert.deepEqual(Object.fromEntries(links.map(({ href, kind }) => [href, kind])), kinds)
    })
  }
})

test('their text, part and order', async () => {
  const { links } = await read({
    text: 'Hi Ann,\n\nConfirm your address: https://a.example/c/1 .\nhttps://a.example/2\n> More at <https://a.example/3>',
    html: '<p>Hi</p><a href="https://a.example/c/1"> Confirm\n your <b>address</b></a><a href="https://a.example/2" title="Two"><img src="https://a.example/2.png" alt="A picture"></a><a href="https://a.example/3"><img src="https://a.example/3.png" alt="Three"></a><p>See https://a.example/4?a=1&amp;b=2</p>',
  })
  assert.deepEqual(
    links.map(({ part, text, href }) => [part, text, href]),
    [
      ['1', 'Confirm your address', 'https://a.example/c/1'],
      ['1', '', 'https://a.example/2'],
      ['1', 'More at', 'https://a.example/3'],
      ['2', 'Confirm your address', 'https://a.example/c/1'],
      ['2', 'Two', 'https://a.example/2'],
      ['2', 'Three', 'https://a.example/3'],
      ['2', 'See', 'https://a.example/4?a=1&b=2'],
      ['2', 'A picture', 'https://a.example/2.png'],
      ['2', 'Three', 'https://a.example/3.png'],
    ],
  )
})

test('an address has no control characters, whoever wrote them', async () => {
  const { links } = await read({
    text: '\x1b]8;;https://a.example/1\x07x',
    html: '<a href=" https://a.example/2&#27;[2J&#10;/\u009b">x</a> https://a.example/3&#7;',
  })
  assert.deepEqual(
    links.map(({ href }) => href),
    ['https://a.example/1', 'https://a.example/2%1B[2J/%C2%9B', 'https://a.example/3%07'],
  )
})

test('each is told once of a part', async () => {
  const { links } = await read({
    html: '<a href="https://a.example/1">One</a><a href="https://a.example/1">One</a><a href="https://a.example/1">Again</a>',
  })
  assert.deepEqual(
    links.map(({ text }) => text),
    ['One', 'Again'],
  )
})

test('no more than the limits', async () => {
  const many = Array.from(
    { length: MAX_LINKS + 1 },
    (_, i) => `<a href="https://a.example/${i}">x</a><img src="https://a.example/${i}.png">`,
  ).join('')
  const { links } = await read({ html: many })
  assert.equal(links.filter(({ kind }) => kind === 'image').length, MAX_IMAGES)
  assert.equal(links.filter(({ kind }) => kind !== 'image').length, MAX_LINKS)
})

test('an address that is too long is left out, never cut', async () => {
  const long = `https://a.example/${'a'.repeat(MAX_HREF)}`
  const { links } = await read({
    text: `See ${long} and https://a.example/b`,
    html: `<a href="${long}">x</a><img src="${long}">`,
  })
  assert.deepEqual(
    links.map(({ href }) => href),
    ['https://a.example/b'],
  )
})

test('what is long is cut between two characters', async () => {
  const long = `${'x'.repeat(MAX_TEXT - 1)}😀`
  const { links } = await read({
    text: `${'😀'.repeat(MAX_TEXT)}y https://a.example/0`,
    html: `<a href="https://a.example/1">${long}</a><a href="https://a.example/2" title="${long}"></a><img src="https://a.example/3.png" alt="${long}">`,
  })
  assert.deepEqual(
    links.map(({ text }) => text),
    [`${'😀'.repeat((MAX_TEXT - 2) / 2)}y`, ...Array(3).fill('x'.repeat(MAX_TEXT - 1))],
  )
})
