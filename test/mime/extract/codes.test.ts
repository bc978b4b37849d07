import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeMails } from './code-mails.ts'
import { best, read } from './mail.ts'
import { otherMails } from './other-mails.ts'

describe('the code of a mail', () => {
  for (const { name, codes: expected, ...mail } of codeMails) {
    test(`${name}: ${expected.join(', ')}`, async () => {
      const { codes } = await read(mail)
      assert.deepEqual(best(codes), expected, JSON.stringify(codes, null, 1))
    })
  }
})

describe('no code', () => {
  for (const { name, ...mail } of otherMails) {
    test(name, async () => {
      assert.deepEqual((await read(mail)).codes, [])
    })
  }
})
