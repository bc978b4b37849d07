import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holdsText } from '../../server/mime/find-text.ts'
import { collapse, fold } from '../../server/mime/fold.ts'

const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8')
const base64 = (text: string) => Buffer.from(text).toString('base64')
const holds = (raw: Buffer, text: string, withHeaders = false) =>
  holdsText(raw, collapse(fold(text)), { withHeaders })

/** Of what it holds, and what it does not, in its bodies and with its headers. */
const assertHolds = (raw: Buffer, texts: readonly string[], others: readonly string[] = []) => {
  for (const text of texts) assert.equal(holds(raw, text), true, text)
  for (const text of others) assert.equal(holds(raw, text), false, text)
}

describe('the text of a message', () => {
  test('is decoded, in any case and any white space', () => {
    const raw = mail(
      'Subject: not here',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=FC=DFe und ein sehr lan=',
      'ges Wort,  am Ende der',
      '\tZeile.',
    )
    assertHolds(
      raw,
      ['GRÜßE', 'ein sehr langes wort', 'wort, am', 'der zeile', '\tzeile', 'e'],
      ['not here', 'subject', 'lan=', 'text/plain'],
    )
  })

  test('is that of all text parts, also in nested messages and in attachments', () => {
    const raw = mail(
      'Subject: outer',
      'Content-Type: multipart/mixed; boundary=a',
      '',
      'preamble',
      '--a',
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      '',
      'plain words',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      base64('<p>other w&ouml;rds, <b>b</b>old <a href="https://x.test/reset">here</a></p>'),
      '--b--',
      '--a',
      'Content-Type: message/rfc822',
      '',
      'Subject: inner =?utf-8?q?=C3=84?=',
      'X-Kind: nested',
      '',
      'forwarded words',
      '--a',
      'Content-Type: text/csv; name="=?utf-8?q?=C3=96sterreich.csv?="',
      'Content-Disposition: attachment',
      'Content-Transfer-Encoding: base64',
      '',
      base64('first;second'),
      '--a',
      'Content-Type: message/delivery-status',
      '',
      'Final-Recipient: rfc822; nobody@x.test',
      '--a',
      'Content-Type: application/octet-stream',
      '',
      'opaque',
      '--a--',
      'epilogue',
    )
    const headers = [
      'outer',
      'subject: inner ä',
      'x-kind: NESTED',
      'österreich.csv',
      'content-type: message/rfc822',
    ]
    assertHolds(
      raw,
      [
        'plain words',
        'other wörds, bold here',
        'w&ouml;rds, <b>b',
        'https://x.test/reset',
        'forwarded words',
        'first;second',
        'nobody@x.test',
      ],
      ['preamble', 'epilogue', 'opaque', 'plain words other', ...headers],
    )
    for (const text of headers) assert.equal(holds(raw, text, true), true, text)
    for (const text of ['preamble', 'opaque', 'outer content-type']) {
      assert.equal(holds(raw, text, true), false, text)
    }
  })

  test('is found across the pieces in which it is folded', () => {
    const filler = 'lorem ipsum\r\n'.repeat(60_000)
    const tight = 'x'.repeat(700_000)
    for (const at of [262_100, 262_140, 262_144, 524_280, 700_000]) {
      const spaced = `${filler.slice(0, at)} Wanted   Phrase ${filler.slice(at)}`
      assert.equal(holds(mail('', spaced), 'wanted phrase'), true, `${at}`)
      const dense = `${tight.slice(0, at)}Needle${tight.slice(at)}`
      assert.equal(holds(mail('', dense), 'needle'), true, `${at}`)
    }
    assert.equal(holds(mail('', filler), 'wanted phrase'), false)
  })

  test('of flowed lines without spaces is joined', () => {
    const raw = mail(
      'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes',
      '',
      '日本 ',
      '語です',
      '-- ',
      'Ann',
    )
    assertHolds(raw, ['日本語', '-- ann'], ['日本 語', '--ann'])
  })

  test('is there, however broken the message is', () => {
    assertHolds(mail('Content-Type: multipart/mixed', '', 'all of it'), ['all of it'])
    assertHolds(mail('Content-Type: text/plain; charset=nonsense', '', 'ünïcode'), ['ünïcode'])
    assertHolds(Buffer.alloc(0), [], ['a'])
    assertHolds(Buffer.from([0xff, 0xfe, 0x0a, 0x0a, 0xe9]), ['é'])
  })
})
