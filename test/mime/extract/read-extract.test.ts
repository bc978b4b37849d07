import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { chooseCode, chooseLink } from '../../../server/mime/extract/choose.ts'
import { readExtract } from '../../../server/mime/extract/read-extract.ts'

const CORPUS = new URL('../../fixtures/corpus/', import.meta.url)

const reset = 'https://app.acme.example/reset?token=3f0b9c6a2d4e41d8a7b1&uid=1042'

/** What one would take of each mail of the templates; the rest has neither. */
const TEMPLATES: Readonly<Record<string, { readonly code?: string; readonly link?: string }>> = {
  'django-error-report': {
    link: 'http://testserver/orders/?q=%3Cscript%3Ealert(1)%3C/script%3E',
  },
  'django-otp-multialt': {
    code: '731204',
    link: 'https://app.acme.example/magic?code=731204&next=%2Fhome',
  },
  'mjml-sale-newsletter': { link: 'https://shop.example/sale?utm_source=mail&utm_campaign=spring' },
  'nodemailer-amp': { link: 'https://acme.example/poll' },
  'nodemailer-newsletter-unsubscribe': { link: 'https://acme.example/n/march' },
  'nodemailer-password-reset': { link: reset },
  'nodemailer-receipt-pdf': { link: reset },
  'nodemailer-user-invitation': { link: reset },
  'nodemailer-welcome-cid': { link: 'https://app.acme.example/confirm/9c81' },
  'python-order-shipped': { link: 'https://shop.example/t/5512?k=a%3Db&x=1' },
  'python-otp-text': { code: '482913' },
  'rails-password-reset': {
    link: 'https://app.acme.example/users/password/edit?reset_password_token=zx9-Kd_81aQ',
  },
  'symfony-reset-fr': { link: 'https://app.acme.example/reset/abc?x=1&y=é' },
  'template-cerberus-hybrid': { link: 'http://www.google.com' },
  'template-leemunroe-responsive': { link: 'http://htmlemail.io' },
  'template-sendwithus-goldstar-invoice': { link: 'http://www.YourSiteName.com' },
}

describe('the code and the link of each mail of the templates', () => {
  for (const file of mailsIn('templates/')) {
    const name = file.replace('.eml', '')
    test(name, async () => {
      const { codes, links } = await readExtract(readMail(`templates/${file}`))
      const code = chooseCode(codes).only?.value
      const link = chooseLink(links).only?.href
      const { code: expectedCode, link: expectedLink } = TEMPLATES[name] ?? {}
      assert.deepEqual({ code, link }, { code: expectedCode, link: expectedLink })
      if (expectedCode === undefined) assert.deepEqual(codes, [])
    })
  }
})

describe('no mail of the other folders has a code', () => {
  for (const folder of ['real/', 'charset/', 'structure/', 'broken/', 'hostile/']) {
    test(folder, async () => {
      for (const file of mailsIn(folder)) {
        const { codes } = await readExtract(readMail(folder + file))
        assert.deepEqual(codes, [], file)
      }
    })
  }
})

test('the kinds of every part: of an alternative, of an attached mail none', async () => {
  const { links } = await readExtract(
    Buffer.from(
      [
        'Content-Type: multipart/mixed; boundary=m',
        '',
        '--m',
        'Content-Type: text/plain',
        '',
        'https://a.example/1',
        '--m',
        'Content-Type: message/rfc822',
        '',
        'Subject: In it',
        '',
        'https://a.example/2',
        '--m',
        'Content-Type: text/plain; name=a.txt',
        'Content-Disposition: attachment',
        '',
        'https://a.example/3',
        '--m--',
      ].join('\r\n'),
    ),
  )
  assert.deepEqual(
    links.map(({ href, part }) => [part, href]),
    [['1', 'https://a.example/1']],
  )
})

function mailsIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, CORPUS)).filter(name => name.endsWith('.eml'))
}

function readMail(path: string): Buffer {
  return readFileSync(new URL(path, CORPUS))
}
