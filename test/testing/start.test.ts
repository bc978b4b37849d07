import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { connect, MailcatchError, startMailcatch } from '../../server/testing/index.ts'
import { startHere } from '../../server/testing/start.ts'

const withUrl = (t: TestContext, url: string): void => {
  const { MAILCATCH_URL } = process.env
  process.env.MAILCATCH_URL = url
  t.after(() => {
    if (MAILCATCH_URL === undefined) delete process.env.MAILCATCH_URL
    else process.env.MAILCATCH_URL = MAILCATCH_URL
  })
}

test('starts on free ports, stops with the block, and can be connected to', async () => {
  let { url } = await startAndConnect()
  await assert.rejects(connect(url), MailcatchError)
  url = url.replace(/\d+\/$/, '1/')
  await assert.rejects(connect(url), {
    name: 'MailcatchError',
    message: new RegExp(`^Mailcatch does not answer at ${url} \\(.*ECONNREFUSED`),
  })
})

async function startAndConnect(): Promise<{ readonly url: string }> {
  await using mailcatch = await startMailcatch()
  assert.match(mailcatch.url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
  assert.match(mailcatch.smtp.url, /^smtp:\/\/127\.0\.0\.1:\d+$/)
  const other = await connect(mailcatch.url)
  assert.deepEqual(other.smtp, mailcatch.smtp)
  await other.close()
  assert.equal((await mailcatch.inbox('still there')).name, 'still there')
  return mailcatch
}

test('MAILCATCH_URL turns a start into a connection', async t => {
  await using mailcatch = await startMailcatch()
  withUrl(t, mailcatch.url)
  const client = await startMailcatch({ maxMessages: 3 })
  assert.equal(client.url, mailcatch.url)
  await client.close()
  await using own = await startHere({}, mail => mail)
  assert.notEqual(own.url, mailcatch.url)
})

test('logs in with what the options or the URL say', async () => {
  await using mailcatch = await startMailcatch({ auth: { user: 'ann', password: 'p@ss:w/rd' } })
  const { host } = new URL(mailcatch.url)
  const url = `http://ann:${encodeURIComponent('p@ss:w/rd')}@${host}/`
  assert.equal((await connect(url)).url, mailcatch.url)
  await assert.rejects(connect(`http://${host}/`), { name: 'MailcatchError', message: /\(401 of / })
})

test('says what is wrong with an address or an option', async t => {
  await assert.rejects(connect('localhost:8025'), { message: 'localhost:8025 is no http URL' })
  await assert.rejects(connect('8025'), { message: '8025 is no URL' })
  await assert.rejects(startMailcatch({ httpPort: null }), { message: /httpPort cannot be off/ })
  await using quiet = await startMailcatch({ smtpPort: null })
  assert.throws(() => quiet.smtp, { message: /^SMTP is off in the Mailcatch at / })

  const stranger = createServer((_request, response) => response.writeHead(404).end('<h1>Nginx'))
  stranger.listen(0, '127.0.0.1')
  t.after(() => stranger.close())
  await once(stranger, 'listening')
  const { port } = stranger.address() as { port: number }
  await assert.rejects(connect(`http://127.0.0.1:${port}`), { message: /^<h1>Nginx \(404 of \/v1/ })
})

test('below a base path, and with a slash or without', async () => {
  await using mailcatch = await startMailcatch({ basePath: '/mail/' })
  assert.match(mailcatch.url, /\/mail\/$/)
  const client = await connect(mailcatch.url.slice(0, -1))
  assert.equal(client.url, mailcatch.url)
  assert.equal((await client.inbox()).url.startsWith(`${mailcatch.url}?q=inbox:`), true)
})
