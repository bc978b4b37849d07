import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, test } from 'node:test'
import { routes } from '../../server/http/routes.ts'
import { exchange, request, statusesOf } from '../helpers/http-attack.ts'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { getText } from '../helpers/round-trip.ts'
import { startVictim } from '../helpers/victim.ts'

// Nothing of the product fetches anything, so there is no address to be checked and none to be missed: what is proved is
// that nobody is called. That a name or a stranger's address is not either, the hook in no-outgoing.js sees to, which ends
// the process.

const victim = await startVictim({ after }, ['--allow-remote'])
const port = victim.ports.http

let calls = 0
const trap = createServer(socket => {
  calls++
  socket.on('error', () => {})
  socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
})
trap.listen(0, '127.0.0.1')
await once(trap, 'listening')
const { port: open } = trap.address() as AddressInfo
const hosts = ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f000001', '2130706433', '127.1']
const bait = [
  ...hosts.map((host, at) => `${at % 2 === 0 ? 'http' : 'https'}://user:pw@${host}:${open}/x?y`),
  `http://127.0.0.1:${open}/`,
  `//127.0.0.1:${open}/`,
  `ftp://127.0.0.1:${open}/`,
  'http://169.254.169.254/latest/meta-data/',
  'http://metadata.google.internal/',
  'file:///etc/passwd',
]
after(() => {
  trap.close()
})

const post = (line: string, type: string, octets: string): Promise<string> =>
  exchange(
    port,
    request(
      line,
      [
        'Connection: close',
        `Content-Type: ${type}`,
        `Content-Length: ${Buffer.byteLength(octets)}`,
      ],
      Buffer.from(octets).toString('latin1'),
    ),
  )
const get = (path: string): Promise<string> =>
  exchange(port, request(`GET ${path}`, ['Connection: close']))

/** A mail that names an address wherever something could be fetched from it. */
const mailOf = (url: string): string =>
  `From: a@example.com
To: b@example.com
Subject: Look at ${url}
List-Unsubscribe: <${url}>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Disposition-Notification-To: <a@[127.0.0.1]>
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x; q=dns/txt; c=relaxed/relaxed; h=from; bh=eA==; b=eA==
Authentication-Results: mx.example.com; dkim=pass header.d=example.com
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<!DOCTYPE html SYSTEM "${url}"><html manifest="${url}"><head><base href="${url}"><link rel=stylesheet href="${url}">
<link rel=preload href="${url}"><meta http-equiv=refresh content="0;url=${url}"><script src="${url}"></script>
<style>@import "${url}"; @font-face { font-family: x; src: url(${url}) } p { background: url(${url}) }</style></head>
<body background="${url}"><img src="${url}" srcset="${url} 2x"><iframe src="${url}"></iframe><video poster="${url}">
</video><object data="${url}"></object><svg><image href="${url}"/><use xlink:href="${url}"/></svg>
<form action="${url}"><input type=image src="${url}"></form><a href="${url}" ping="${url}">link</a></body></html>
--b
Content-Type: message/external-body; access-type=url; url="${url}"

Content-Type: text/plain

--b
Content-Type: image/png; name=x.png
Content-Location: ${url}

x
--b--
`.replaceAll('\n', '\r\n')

/** Every GET there is of a message, with all that a view can be asked for. */
async function readAll(id: number): Promise<void> {
  const paths = routes
    .filter(
      ({ method, path }) => method === 'get' && path.includes('{id}') && !/inboxes/.test(path),
    )
    .map(({ path }) => path)
  assert.ok(paths.length >= 9, paths.join())
  const asked = paths.flatMap(path => {
    const target = path.replace('{id}', `${id}`).replace('{part}', '1')
    if (target.endsWith('/select')) {
      return [`${target}?css=${encodeURIComponent('link, img, style')}`]
    }
    return /html$/.test(target) ? [target, `${target}?remote=1`] : [target]
  })
  for (const answer of await Promise.all(asked.map(get))) {
    assert.ok((statusesOf(answer)[0] ?? 500) < 500, answer.slice(0, 300))
  }
}

test('control: the trap counts who calls, once; a mail without addresses is read by every route', async () => {
  assert.equal((await fetch(`http://127.0.0.1:${open}/`)).status, 204)
  assert.equal(calls, 1)
  calls = 0
  await post('POST /v1/messages', 'message/rfc822', 'Subject: Nothing\r\n\r\nNothing\r\n')
  await readAll(Number((await getText(victim, 'v1/cursor')).replace(/\D/g, '')))
  await get('/v1/messages?q=nothing')
})

test(
  'SSRF by proxy, link check, HTML check and stylesheet: no route calls anybody',
  { skip: noProcessFigures },
  () =>
    victim.survives(async () => {
      const ids: number[] = []
      const keep = (answer: string) => {
        assert.deepEqual(statusesOf(answer), [201], answer.slice(0, 500))
        const id = /"id":(\d+)/.exec(answer)?.[1]
        if (id) ids.push(Number(id))
      }
      for (const url of bait) {
        keep(await post('POST /v1/messages', 'message/rfc822', mailOf(url)))
        const composed = {
          from: 'a@example.com',
          to: 'b@example.com',
          html: `<img src="${url}">`,
          text: url,
          attachments: [{ filename: url, content: 'x', cid: url }],
          headers: { 'X-Url': url },
        }
        keep(await post('POST /v1/messages', 'application/json', JSON.stringify(composed)))
      }
      const mbox = `From a@example.com Thu Jan  1 00:00:00 2026\n${mailOf(bait[0] as string)}\n`
      keep(await post('POST /v1/messages', 'application/mbox', mbox))

      // Members that make nodemailer fetch: they are none here.
      for (const url of bait) {
        for (const body of [
          { from: 'a@example.com', html: { path: url } },
          { from: 'a@example.com', text: { href: url } },
          { from: 'a@example.com', raw: { path: url } },
          { from: 'a@example.com', attachments: [{ filename: 'x', path: url }] },
          { from: 'a@example.com', attachments: [{ filename: 'x', href: url, content: 'x' }] },
          { from: 'a@example.com', icalEvent: { path: url } },
        ]) {
          const answer = await post('POST /v1/messages', 'application/json', JSON.stringify(body))
          assert.deepEqual(statusesOf(answer), [400], answer.slice(-200))
        }
      }

      for (const id of ids) await readAll(id)

      // Addresses where a proxy, a link check or a webhook of others takes one.
      for (const url of bait) {
        const value = encodeURIComponent(url)
        for (const path of [
          '/proxy?url=',
          '/api/v1/proxy?url=',
          '/v1/link?timeout=0&text=',
          '/v1/messages?q=',
          '/view?src=',
        ]) {
          assert.ok((statusesOf(await get(`${path}${value}`))[0] ?? 500) < 500, path)
        }
        const absolute = await exchange(port, request(`GET ${url}`, ['Connection: close']))
        assert.ok(
          [400, 404].includes(statusesOf(absolute)[0] ?? 0),
          `${url}: ${absolute.slice(0, 200)}`,
        )
      }
      await getText(victim, 'livez')
      assert.equal(calls, 0)
    }),
)
