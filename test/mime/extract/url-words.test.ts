import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type UrlWords, urlCodes, urlWords } from '../../../server/mime/extract/url-words.ts'

describe('what the words of a URL tell', () => {
  const cases: readonly (readonly [href: string, ...told: readonly (keyof UrlWords)[]])[] = [
    ['https://a.example/', 'isHome'],
    ['https://verify.example', 'isHome'],
    ['https://a.example/verify', 'isAction'],
    ['https://a.example/users/VerifyEmail/1', 'isAction'],
    ['https://a.example/password/edit', 'isAction'],
    ['https://a.example/x?action=verify'],
    ['https://a.example/x?reset_token=1', 'isAction'],
    ['https://a.example/x/4f7a9c1b2d3e4f5a', 'hasToken'],
    ['https://a.example/x/aaaaaaaaaaaaaaaa'],
    ['https://a.example/login', 'isLogin'],
    ['https://a.example/login?t=4f7a9c1b2d3e4f5a', 'isAction', 'hasToken'],
    ['https://a.example/newsletter/unsubscribe?u=1', 'isUnsubscribe'],
    ['https://a.example/de/abmelden', 'isUnsubscribe'],
    ['myapp://confirm/1', 'isAction'],
    ['', 'isHome'],
  ]
  for (const [href, ...told] of cases) {
    test(href, () => {
      const words = urlWords(href)
      assert.deepEqual(
        (Object.keys(words) as (keyof UrlWords)[]).filter(key => words[key]).sort(),
        [...told].sort(),
      )
    })
  }
})

describe('what of a URL one might type', () => {
  const cases: readonly (readonly [href: string, ...codes: readonly string[]])[] = [
    ['https://a.example/magic?code=731204&next=%2F', '731204'],
    ['https://a.example/x?OTP=1&pin=2', '1', '2'],
    ['https://a.example/verify/482913', '482913'],
    ['https://a.example/#/confirm/482913', '482913'],
    ['https://a.example/482913?page=1'],
    [`https://a.example/verify/${'a'.repeat(21)}`],
    ['mailto:a@a.example'],
  ]
  for (const [href, ...codes] of cases) {
    test(href, () => assert.deepEqual(urlCodes(href), codes))
  }
})
