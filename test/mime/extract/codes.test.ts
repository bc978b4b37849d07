import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExtract } from '../../../server/mime/extract/read-extract.ts'
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

describe('whatever the charset', () => {
  const encoded: readonly (readonly [charset: string, base64: string])[] = [
    ['windows-1251', 'wuD4IOru5CDv7uTy4uXw5uTl7ej/OiA0ODI5MTM='],
    ['koi8-r', '78TOz9LB2s/X2cog0MHSz8zYOiA0ODI5MTM='],
    ['iso-8859-2', 'VHfzaiBrb2Qgd2VyeWZpa2FjeWpueSB0byA0ODI5MTMu'],
    ['iso-2022-jp', 'GyRCRyc+WiUzITwlSSRPIzQjOCMyIzkjMSMzJEckORsoQg=='],
    ['euc-kr', 'wM7B9bn4yKMgNDgyOTEz'],
    ['gb18030', 'xPq1xNHp1qTC68rHNDgyOTEz'],
    ['utf-16', '//5ZAG8AdQByACAAYwBvAGQAZQAgAGkAcwAgADQAOAAyADkAMQAzAA=='],
  ]
  for (const [charset, base64] of encoded) {
    test(charset, async () => {
      const { codes } = await readExtract(
        Buffer.from(
          `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`,
        ),
      )
      assert.deepEqual(best(codes), ['482913'])
    })
  }
})

test('a code tells where it was found, and the words around it', async () => {
  const { codes } = await read({
    subject: 'Welcome',
    text: 'Your verification code is 482 913. It expires soon.',
    html: '<p>Your code:</p><h1>771020</h1>',
  })
  assert.deepEqual(codes, [
    {
      value: '482913',
      confidence: 'high',
      part: '1',
      context: 'Your verification code is 482 913. It expires soon.',
    },
    { value: '771020', confidence: 'high', part: '2', context: 'Your code: 771020' },
  ])
})

test('the words around a code are whole characters', async () => {
  const text = `${'😀'.repeat(50)}! Your code is 482913. ${'😀'.repeat(50)}`
  const [code] = (await read({ text })).codes
  assert.equal(code?.value, '482913')
  assert.doesNotMatch(code?.context ?? '', /\p{Surrogate}/u)
  assert.match(code?.context ?? '', /^😀.*😀$/u)
  const shifted = (await read({ text: text.replace('! Your', '!  Your').replace('. ', '.') })).codes
  assert.doesNotMatch(shifted[0]?.context ?? '', /\p{Surrogate}/u)
})
