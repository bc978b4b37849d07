import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { linkify } from '../../web/linkify.ts'

const links = (text: string): (string | undefined)[] =>
  linkify(text)
    .map(piece => piece.href)
    .filter(Boolean)

describe('links in text', () => {
  it('finds http and https, whatever their case', () => {
    assert.deepEqual(links('see http://a.example/x and HTTPS://B.example/?q=1#top now'), [
      'http://a.example/x',
      'HTTPS://B.example/?q=1#top',
    ])
  })

  it('links nothing else', () => {
    const text =
      'javascript:alert(1) data:text/html,x ftp://a.example file:///etc www.a.example a@b.example'
    assert.deepEqual(linkify(text), [{ text }])
    assert.deepEqual(links('http:// https://: http://[ https://)'), [])
  })

  it('leaves the sentence its punctuation', () => {
    assert.deepEqual(links('Go to https://a.example/x. Or "https://b.example/"?'), [
      'https://a.example/x',
      'https://b.example/',
    ])
    assert.deepEqual(links('<https://a.example/x>'), ['https://a.example/x'])
    assert.deepEqual(links('(https://a.example/x)'), ['https://a.example/x'])
    assert.deepEqual(links('https://a.example/Foo_(bar)'), ['https://a.example/Foo_(bar)'])
    assert.deepEqual(links('(see https://a.example/Foo_(bar).)'), ['https://a.example/Foo_(bar)'])
  })

  it('ends a link at white space and at controls that turn the direction of text', () => {
    assert.deepEqual(links('https://a.example/\u202Egpj.exe'), ['https://a.example/'])
    assert.deepEqual(links('https://a.example/\u00a0x\nhttps://b.example'), [
      'https://a.example/',
      'https://b.example',
    ])
  })

  it('loses no character', () => {
    for (const text of [
      '',
      'x',
      'https://a.example',
      ' https://a.example, (https://b.example). İ',
    ]) {
      assert.equal(
        linkify(text)
          .map(piece => piece.text)
          .join(''),
        text,
      )
    }
  })

  it('takes work in proportion to the text', () => {
    const parts = [
      'http://'.repeat(200_000),
      `https://a.example/${'('.repeat(500_000)}`,
      `https://a.example/${')'.repeat(500_000)}`,
      `https://a.example/${'.'.repeat(500_000)}`,
      'https://a.example/) '.repeat(50_000),
    ]
    for (const text of parts) {
      assert.equal(
        linkify(text)
          .map(piece => piece.text)
          .join(''),
        text,
      )
    }
  })
})
