import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Code, Link } from '../../server/http/resources.ts'
import { mainCodes, mainLinks } from '../../web/main-finds.ts'

const code = (value: string, confidence: Code['confidence']): Code => ({
  value,
  confidence,
  part: null,
  context: '',
})
const link = (href: string, kind: Link['kind'], text = ''): Link => ({
  href,
  text,
  kind,
  part: '1',
})

describe('what a mail is opened for', () => {
  it('is its likeliest code, once', () => {
    assert.deepEqual(
      mainCodes([code('1234', 'high'), code('1234', 'high'), code('9999', 'low')]).map(
        ({ value }) => value,
      ),
      ['1234'],
    )
    assert.equal(mainCodes([code('1', 'low'), code('2', 'low'), code('3', 'low')]).length, 2)
    assert.deepEqual(mainCodes([]), [])
  })

  it('is what it asks to open, with the words that say most', () => {
    const action = link('https://x.example/reset', 'action', 'Reset')
    const button = link('https://X.example/reset', 'action', 'Reset password')
    const other = link('https://x.example/help', 'link', 'Help')
    assert.deepEqual(mainLinks([other, action, button]), [button])
    // A plain text has a sentence before its address.
    const sentence = link(
      action.href,
      'action',
      'If the button does not work, copy the address below:',
    )
    const bare = link(action.href, 'action', action.href)
    assert.deepEqual(mainLinks([sentence, action, bare]), [action])
    assert.deepEqual(mainLinks([bare, sentence]), [sentence])
    const short = link(action.href, 'action', 'Your code is 482913.')
    assert.deepEqual(mainLinks([short, action]), [action])
    assert.deepEqual(mainLinks([other, other]), [other])
    assert.deepEqual(mainLinks([other, link('https://x.example/', 'link')]), [])
    assert.deepEqual(mainLinks([link('javascript:alert(1)', 'action', 'Click')]), [])
    assert.deepEqual(mainLinks([link('https://x.example/', 'unsubscribe')]), [])
  })
})
