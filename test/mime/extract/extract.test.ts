import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MAX_CODES } from '../../../server/mime/extract/code.ts'
import { extract } from '../../../server/mime/extract/extract.ts'
import { MAX_IMAGES, MAX_LINKS } from '../../../server/mime/extract/link.ts'
import { readHtmlText } from '../../../server/mime/html-text.ts'

/** Characters of a hostile mail: what is quadratic takes minutes of it, what is linear well under a second. */
const LENGTH = 400_000
/** Milliseconds that a slow machine may take over one. */
const GENEROUS = 5_000

const fill = (piece: string) => piece.repeat(Math.ceil(LENGTH / piece.length))
const numbered = (piece: (number: number) => string) =>
  Array.from({ length: LENGTH / 40 }, (_, index) => piece(index)).join('')

/** What is repeated where something might look back, look ahead or look again. */
const hostile: readonly (readonly [name: string, text: string])[] = [
  ['a number that is none, over and over', fill('525-000-12-34 ')],
  ['digits', fill('4')],
  ['digits and hyphens', fill('48-')],
  ['digits and spaces', fill('4 ')],
  ['single capitals', fill('A ')],
  ['single capitals before a number', fill('A B C D 4567 ')],
  ['capitals', fill('ABCDE-')],
  ['small letters', fill('a')],
  ['a digit in a long word', `${fill('a')}4`],
  ['digits in cells', fill('4\t8\n')],
  ['names of codes', fill('your code is ')],
  ['names of codes and codes', numbered(i => `code ${100_000 + i} is your code `)],
  ['numbers alone in their lines', numbered(i => `${100_000 + i}\n`)],
  ['names of other numbers', fill('order number ')],
  ['Japanese', fill('認証コード')],
  ['accents', fill('é́')],
  ['no width', fill('\u200b')],
  ['white space', fill(' ')],
  ['line ends', fill('\n')],
  ['tabs', fill('\t')],
  ['full stops', fill('. ')],
  ['colons and slashes', fill('://')],
  ['schemes', fill('http://')],
  ['addresses', fill('https://a.example/verify?code=482913 ')],
  ['addresses on words', numbered(i => `Confirm https://a.example/${i} now. `)],
  ['one address', `https://a.example/${fill('a')}`],
  ['one address of brackets', `https://a.example/${fill('(')}${fill(')')}`],
  ['one address of parameters', `https://a.example/?${fill('&c=1')}`],
  ['full stops after an address', `https://a.example/${fill('.')}`],
  ['an address after white space', `${fill(' ')}https://a.example/`],
]

const hostileHtml: readonly (readonly [name: string, html: string])[] = [
  ['open angle brackets', fill('<')],
  ['tags without an end', fill('<a ')],
  ['attributes without an end', fill('<a href="')],
  ['attributes', `<a ${fill('b=c ')}>x</a>`],
  ['links in links', fill('<a href="https://a.example/482913">')],
  ['links', numbered(i => `<a href="https://a.example/${i}">${i}</a>`)],
  ['links with a word before', numbered(i => `code <a href="https://a.example/${i}">here</a>`)],
  ['pictures', numbered(i => `<img src="https://a.example/${i}.png">`)],
  ['open elements', `${fill('<b>')}482913`],
  ['open cells', `${fill('<table><td>')}482913${fill('</p>')}`],
  ['hidden elements', fill('<i style="display:none">482913')],
  ['end tags alone', `<b>${fill('</i>')}482913 is your code`],
  ['one style', `<p style="${fill('color:red;')}">482913 is your code</p>`],
  ['rules', `<style>${numbered(i => `.c${i}{display:none}`)}</style><p class="c1">482913</p> code`],
  ['a rule without an end', `<style>${fill('@media x{')}</style>482913 is your code`],
  ['selectors', `<style>${fill('.a,')}{display:none}</style>482913 is your code`],
  ['style sheets', `${fill('<style>p{}</style>')}482913 is your code`],
  ['style sheets without an end', `482913 is your code${fill('<style>')}`],
  ['character references', fill('&amp;')],
  ['ampersands', fill('&')],
  ['comments without an end', fill('<!--')],
]

describe('takes time by its length, and tells of no more than the limits', () => {
  const within = (run: () => ReturnType<typeof extract>) => {
    const start = performance.now()
    const { codes, links } = run()
    assert.ok(performance.now() - start < GENEROUS, `${performance.now() - start} ms`)
    assert.ok(codes.length <= MAX_CODES)
    assert.ok(links.length <= MAX_LINKS + MAX_IMAGES)
  }
  for (const [name, text] of hostile) {
    test(`text: ${name}`, () => within(() => ofText(text)))
    test(`text in HTML: ${name}`, () => within(() => ofHtml(`<p>${text}</p>`)))
    test(`subject: ${name}`, () => within(() => ofSubject(text)))
  }
  for (const [name, html] of hostileHtml) {
    test(`HTML: ${name}`, () => within(() => ofHtml(html)))
  }
})

const nothing = { subject: '', unsubscribe: new Set<string>(), texts: [], htmls: [] }

const ofText = (text: string) => extract({ ...nothing, texts: [{ part: '1', text }] })
const ofSubject = (subject: string) => extract({ ...nothing, subject })
const ofHtml = (html: string) =>
  extract({ ...nothing, htmls: [{ part: '1', html, reading: readHtmlText(html) }] })
