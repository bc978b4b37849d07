import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Matcher } from '../../server/store/matcher.ts'
import { QueryError } from '../../server/store/query-error.ts'
import { usualStore } from '../helpers/store.ts'

/** Three mails in a real store: what the index knows, and what must be looked into. */
const mails: [rcptTo: string[], authUser: string, raw: string][] = [
  [
    ['bob@example.org', 'secret@example.org'],
    'app',
    'From: Ann <ann@shop.example>\r\nTo: Bob <bob@example.org>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n' +
      'X-Kind: welcome\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nWelcome to the shop, Bob.\r\n',
  ],
  [
    ['eve+news@example.org'],
    '',
    'From: News <news@shop.example>\r\nTo: eve+news@example.org\r\nCc: ann@shop.example\r\n' +
      'Reply-To: reply@shop.example\r\nSubject: /weekly/\r\nX-Tags: digest\r\nMIME-Version: 1.0\r\n' +
      'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
      '<p data-x=3D"1">The b=C3=A4r and =\r\nthe fox</p>\r\n',
  ],
  [
    ['zoe@example.org'],
    'app',
    'From: ann@shop.example\r\nTo: zoe@example.org\r\nSubject: Report\r\nMIME-Version: 1.0\r\n' +
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n' +
      '--b\r\nContent-Type: text/csv; name="report.csv"\r\nContent-Disposition: attachment; filename="report.csv"\r\n\r\n1,2\r\n--b--\r\n',
  ],
]

describe('a matcher', () => {
  let store: MailStore
  before(async () => {
    store = await MailStore.open(usualStore)
    for (const [rcptTo, authUser, raw] of mails) {
      const arrival = store.receive({
        envelope: { mailFrom: 'bounce@shop.example', rcptTo },
        listener: 'smtp',
        authUser,
      })
      await arrival.write(Buffer.from(raw))
      await arrival.commit()
    }
    await store.update([2], { unread: false, addTags: ['Läufer'] })
  })
  after(() => store.close())

  const matches: [matcher: Matcher, ids: number[]][] = [
    [{}, [1, 2, 3]],
    [{ from: 'ANN@shop.example' }, [1, 3]],
    [{ from: 'ann' }, []],
    [{ from: '*@shop.example' }, [1, 2, 3]],
    [{ from: '/^(ann|eve)@/' }, [1, 3]],
    [{ to: ['*bob*', '*@example.org'] }, [1]],
    [{ to: ['*bob*', '*eve*'] }, []],
    [{ cc: 'ann@shop.example' }, [2]],
    [{ bcc: '*' }, []],
    [{ replyTo: 'reply@*' }, [2]],
    [{ rcpt: 'secret@example.org' }, [1]],
    [{ mailFrom: 'bounce@*' }, [1, 2, 3]],
    [{ address: 'secret@example.org' }, [1]],
    [{ address: 'ann@shop.example' }, [2]],
    [{ subject: 'GRÜSSE' }, []],
    [{ subject: 'grüße' }, [1]],
    [{ subject: '/WEEK/i' }, [2]],
    [{ subject: '\\/weekly/' }, [2]],
    [{ text: 'bär and the fox' }, [2]],
    [{ text: 'data-x' }, []],
    [{ html: 'data-x="1"' }, [2]],
    [{ body: 'the' }, [1, 2]],
    [{ header: { 'x-kind': 'welc' } }, [1]],
    [{ header: { 'X-Kind': ['w', 'z'] } }, []],
    [{ header: { __proto__: 'x' } as Record<string, string> }, [1, 2, 3]],
    [{ attachment: '*.csv' }, [3]],
    [{ attachment: 'report' }, []],
    [{ hasAttachment: true }, [3]],
    [{ hasAttachment: false }, [1, 2]],
    [{ tag: 'digest' }, [2]],
    [{ tag: 'news' }, [2]],
    [{ tag: 'läufer' }, [2]],
    [{ authUser: 'app' }, [1, 3]],
    [{ unread: true }, [1, 3]],
    [{ unread: false }, [2]],
    [{ minSize: 1 }, [1, 2, 3]],
    [{ maxSize: 10 }, []],
    [{ since: 1, upto: 2 }, [2]],
    [{ receivedAfter: Date.parse('2001-01-01') }, [1, 2, 3]],
    [{ receivedBefore: Date.parse('2001-01-01') }, []],
    [{ q: 'fox' }, [2]],
    [{ q: 'report.csv' }, [3]],
    [{ q: 'has:attachment OR welcome', unread: true }, [1, 3]],
    [{ any: [{ subject: 'report' }, { tag: 'news', upto: 2 }] }, [2, 3]],
    [{ any: [] }, []],
    [{ not: { body: 'fox' } }, [1, 3]],
    [{ not: { any: [{ since: 1 }] } }, [1]],
  ]
  for (const [matcher, ids] of matches) {
    test(`${JSON.stringify(matcher)} finds ${ids.join(' and ') || 'nothing'}`, async () => {
      assert.deepEqual(await store.match(matcher), ids)
      for (const id of [1, 2, 3])
        assert.equal(await store.matches(matcher, id), ids.includes(id), `${id}`)
    })
  }

  const faults: [matcher: Matcher, parameter: string][] = [
    [{ subject: '' }, 'subject'],
    [{ from: '/(/' }, 'from'],
    [{ text: 'x'.repeat(1_001) }, 'text'],
    [{ header: { 'x-a': '/[/' } }, 'header.x-a'],
    [{ not: { q: 'what:x' } }, 'q'],
    [{ q: '' }, 'q'],
    [{ text: '/(a{1,1000}){1,1000}/' }, 'text'],
    [{ html: `/${'(x{99}){9}'.repeat(90)}/` }, 'html'],
    [{ rcpt: '/(?<=a)b/' }, 'rcpt'],
    [{ body: '/(a)\\1/' }, 'body'],
    [{ header: { 'x-a': `/${'('.repeat(900)}/` } }, 'header.x-a'],
  ]
  for (const [matcher, parameter] of faults) {
    test(`${JSON.stringify(matcher).slice(0, 60)} is refused, naming ${parameter}`, async () => {
      await assert.rejects(store.match(matcher), (error: unknown) => {
        assert.ok(error instanceof QueryError)
        assert.equal(error.parameter, parameter)
        return true
      })
    })
  }

  test('with a regular expression that would be catastrophic elsewhere is answered', async () => {
    assert.deepEqual(await store.match({ text: '/(a+)+(b+)+(c*)*!$/' }), [])
    for (const key of ['from', 'subject', 'text', 'html', 'attachment', 'mailFrom'] as const) {
      assert.deepEqual(await store.match({ [key]: '/^(([a-z])+.)+[A-Z]([a-z])+!$/' }), [], key)
      assert.deepEqual(await store.match({ [key]: `/(.*)*(x?){999}${'(.*)'.repeat(150)}!!/i` }), [])
    }
  })

  test('finds the newest', async () => {
    assert.equal((await store.newest({ from: 'ann@shop.example' }))?.number, 3)
    assert.equal((await store.newest({ text: 'fox' }))?.number, 2)
    assert.equal(await store.newest({ text: 'nothing' }), undefined)
  })
})
