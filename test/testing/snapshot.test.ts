import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailSerializer } from '../../server/testing/snapshot.ts'
import { openTestClient } from '../helpers/test-client.ts'

test('what differs between two runs is masked, and nothing else', async t => {
  const { mailcatch, send } = await openTestClient(t)
  const printed: string[] = []
  for (const run of [1, 2]) {
    const inbox = await mailcatch.inbox(`run ${run}`)
    const code = run === 1 ? '482913' : '771204'
    const token = run === 1 ? 'aB3xY7qLm2Zp9Rt5Kw1v' : 'zQ8nC4hJ6dF0sG2bV5mX'
    const link = `http://127.0.0.1:${4000 + run}/verify?token=${token}&name=confirmation-of-address`
    await send(inbox, {
      subject: `Your code is ${code}`,
      text: `Your code is ${code}.\nWritten ${new Date(run * 1e12).toISOString()}.\n`,
      html: `<p>Your code is <b>${code}</b>.<p><a href="${link}">Verify</a> 3f2b8c1e-0000-4000-8000-00000000000${run}`,
      headers: { 'X-App': 'shop 2.1.7' },
      attachments: [{ filename: 'terms.txt', content: 'Be nice.' }],
    })
    printed.push(mailSerializer.serialize(await inbox.next()))
  }
  assert.equal(printed[0], printed[1])
  assert.equal(
    printed[0],
    `X-App: shop 2.1.7
From: App <app@example.com>
To: <inbox>
Subject: Your code is <code>
Message-ID: <message-id>
Date: <date>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=<boundary>

Your code is <code>.
Written <date>.

--- HTML
<p>Your code is <b><code></b>.<p><a href="http://127.0.0.1:<port>/verify?token=<token>&name=confirmation-of-address">Verify</a> <uuid>
--- terms.txt (text/plain, 8 octets)`,
  )
})

test('is for mails alone', () => {
  for (const value of [undefined, null, 1, 'x', {}, { link: 'x' }, { link() {} }]) {
    assert.equal(mailSerializer.test(value), false)
  }
})
