import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { phrasesOf } from '../../../server/mime/extract/language.ts'
import { languages } from '../../../server/mime/extract/languages.ts'
import { countWords, wordFinder } from '../../../server/mime/extract/words.ts'

const find = wordFinder({
  code: ['code, verification code, código, *code, verif*, 確認コード, QRコード, n°'],
  other: ['order, order number, #, coupon code, 確認, don t, İzmir'],
})

describe('words and phrases', () => {
  const cases: readonly (readonly [text: string, ...found: readonly string[]])[] = [
    ['Your CODE.', 'code CODE'],
    ['verification code', 'code verification code'],
    ['Verification\ncode', 'code Verification\ncode'],
    ['verification-code', 'code verification-code'],
    ['verification. Code', 'code verification', 'code Code'],
    ['codes'],
    ['Passcode', 'code Passcode'],
    ['verified', 'code verified'],
    ['codigo CÓDIGO co\u0301digo', 'code codigo', 'code CÓDIGO', 'code co\u0301digo'],
    ['order number of an order', 'other order number', 'other order'],
    ["don’t don't", 'other don’t', "other don't"],
    ['#1 n°', 'other #', 'code n°'],
    ['この確認コードは', 'code 確認コード'],
    ['ご確認とQRコード', 'other 確認', 'code QRコード'],
    ['IZMIR izmir İZMİR', 'other IZMIR', 'other izmir', 'other İZMİR'],
    [''],
  ]
  for (const [text, ...found] of cases) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(
        find(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`),
        found,
      )
    })
  }
})

test('how many there are', () => {
  assert.equal(countWords(''), 0)
  assert.equal(countWords(' one, two-three '), 3)
  assert.equal(countWords('確認コード'), 1)
})

test('no list of a language says a phrase twice', () => {
  for (const language of languages) {
    for (const [list, text] of Object.entries(language)) {
      const phrases = phrasesOf(text)
      const twice = phrases.filter((phrase, index) => phrases.indexOf(phrase) !== index)
      assert.deepEqual(twice, [], `${language.code.slice(0, 20)}… ${list}`)
    }
  }
})
