import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { routes } from '../../server/http/routes.ts'
import { type Mailcatch, startMailcatch } from '../../server/mailcatch.ts'
import {
  fileNames,
  type HostileMail,
  hostileEnvelope,
  hostileMails,
  sendAll,
} from '../helpers/hostile-mails.ts'
import { type Kind, nameFaults, pictureType, policyFaults, zipNames } from '../helpers/ways-out.ts'

/** Every hostile mail through every route of HTTP: what comes says what it is, and can do nothing. */

type Node = { readonly part: string; readonly parts: readonly Node[] }

/** Ways to ask for a message at each path that has one, and what an answer must be; null where the parts tell. */
const ways: Readonly<Record<string, Readonly<Record<string, Kind>> | null>> = {
  '/v1/messages/{id}': { '': 'json' },
  '/v1/messages/{id}/raw': { '': 'text', '?as=delivered': 'text', '?download=1': 'mail' },
  '/v1/messages/{id}/text': { '': 'text' },
  '/v1/messages/{id}/html': {
    '': 'html',
    '?remote=1': 'remoteHtml',
    '?scheme=forced-dark': 'html',
  },
  '/m/{id}/html': { '': 'html', '?remote=1': 'remoteHtml' },
  '/v1/messages/{id}/parts': { '': 'json' },
  '/v1/messages/{id}/parts/{part}': null,
  '/v1/messages/{id}/checks': { '': 'json' },
  '/v1/messages/{id}/select': { '?css=a': 'json' },
  '/v1/messages/{id}/attachments.zip': { '': 'zip' },
}

/** So many parts of a mail are looked at, from both ends. */
const mostParts = 12

describe('hostile mails over HTTP', () => {
  const mails: readonly HostileMail[] = hostileMails()
  const ids = mails.map((_, at) => at + 1)
  let mailcatch: Mailcatch
  let url: string
  let feed: string
  before(async () => {
    mailcatch = await startMailcatch({ maxMessageSize: 10_000_000 })
    url = mailcatch.url ?? ''
    feed = ((await (await fetch(`${url}v1/messages`)).json()) as { feed: string }).feed
    await sendAll(mailcatch.ports.smtp ?? 0, mails)
  })
  after(() => mailcatch.close())

  /** An answer of that kind, or a problem; its octets, or null where it was a problem. */
  const get = async (path: string, kind: Kind): Promise<Buffer | null> => {
    const response = await fetch(`${url}${path}`)
    const octets = Buffer.from(await response.arrayBuffer())
    const isProblem = response.status === 404 || response.status === 422
    if (!isProblem) assert.equal(response.status, 200, `${path}: ${octets.subarray(0, 500)}`)
    const problem = path.startsWith('m/') ? 'htmlProblem' : 'problem'
    assert.deepEqual(policyFaults(isProblem ? problem : kind, response.headers), [], path)
    if (isProblem || kind === 'json') JSON.parse(octets.toString())
    return isProblem ? null : octets
  }

  it('every route of a message is known to these tests', () => {
    const paths = routes.filter(({ method, path }) => method === 'get' && path.includes('{id}'))
    const known = Object.keys(ways).sort()
    assert.deepEqual(
      paths
        .map(({ path }) => path)
        .filter(path => !path.includes('inbox'))
        .sort(),
      known,
    )
  })

  it('each route answers with the fields that its kind of answer has to have', async () => {
    const counts = { answers: 0, html: 0, zips: 0 }
    for (const id of ids) {
      for (const [path, kinds] of Object.entries(ways)) {
        for (const [query, kind] of Object.entries(kinds ?? {})) {
          const octets = await get(`${path.slice(1).replace('{id}', `${id}`)}${query}`, kind)
          if (!octets) continue
          counts.answers++
          if (kind === 'html') counts.html++
          if (kind === 'zip') {
            counts.zips++
            assert.deepEqual(nameFaults(zipNames(octets)), [], mails[id - 1]?.name)
          }
        }
      }
    }
    assert.ok(counts.answers > 300 && counts.html > 30 && counts.zips > 4, JSON.stringify(counts))
  })

  it('a part is a download of no type, or one of four pictures whose octets agree', async () => {
    const shown: string[] = []
    for (const id of ids) {
      const tree = await get(`v1/messages/${id}/parts`, 'json')
      const { root } = JSON.parse(String(tree)) as { root: Node }
      const numbers = [...numbersOf(root)]
      const half = mostParts / 2
      for (const part of new Set([...numbers.slice(0, half), ...numbers.slice(-half)])) {
        const path = `v1/messages/${id}/parts/${part}`
        await get(path, 'file')
        await get(`${path}?as=message`, 'json')
        await get(`v1/messages/${id}/html?part=${part}`, 'html')
        const response = await fetch(`${url}${path}?inline=1`)
        const octets = Buffer.from(await response.arrayBuffer())
        const type = response.headers.get('content-type') ?? ''
        const isShown = type !== 'application/octet-stream'
        assert.deepEqual(policyFaults(isShown ? 'picture' : 'file', response.headers), [], path)
        if (!isShown) continue
        assert.equal(type, pictureType(octets), path)
        shown.push(type)
      }
    }
    // The bombs are what they say they are, and given as they came: nobody here looks into a picture.
    assert.deepEqual(shown.sort(), ['image/gif', 'image/png', 'image/webp'])
  })

  it('what is sent comes back octet for octet', async () => {
    for (const [at, { raw, name }] of mails.entries()) {
      const octets = await get(`v1/messages/${at + 1}/raw`, 'text')
      assert.ok(octets?.equals(raw), name)
    }
  })

  it('lists, searches, facets, waits and events stay JSON, and are no prototype of anything', async () => {
    for (const path of [
      'v1/messages?limit=1000',
      'v1/messages?q=script',
      'v1/messages?subject=__proto__',
      'v1/messages?rcpt=__proto__',
      'v1/messages?header.constructor=*',
      'v1/facets',
      'v1/stats',
      'v1/wait?subject=script',
      'v1/wait?address=__proto__&count=3',
    ]) {
      const response = await fetch(`${url}${path}`)
      const text = await response.text()
      assert.deepEqual(policyFaults(response.ok ? 'json' : 'problem', response.headers), [], path)
      const json = JSON.parse(text) as Record<string, unknown>
      assert.notEqual(response.status, 500, path)
      assert.equal('polluted' in json, false)
    }
    assert.equal('polluted' in {}, false)
    const list = (await (await fetch(`${url}v1/messages?limit=1000`)).json()) as {
      messages: { rcptTo: string[] }[]
    }
    assert.equal(list.messages.length, mails.length)
    assert.deepEqual(list.messages[0]?.rcptTo, hostileEnvelope.rcptTo)
  })

  it('a frame of events is one line of JSON, whatever a subject says', async () => {
    const stop = new AbortController()
    const response = await fetch(`${url}v1/events?after=${feed}`, {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    })
    const added = new Set<number>()
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        assert.match(line, /^(?:$|:|id: [\w-]+$|data: \{)/, line.slice(0, 200))
        if (!line.startsWith('data: ')) continue
        const { changes = [] } = JSON.parse(line.slice(6)) as {
          changes?: { type: string; message?: { id: number } }[]
        }
        for (const { type, message } of changes) {
          if (type === 'message.added' && message) added.add(message.id)
        }
      }
      if (added.size === mails.length) break
    }
    stop.abort()
    assert.deepEqual([...added], ids)
  })

  it('path traversal by an attachment name: names stay names, in fields and archives', async () => {
    const id = mails.findIndex(({ name }) => name === 'bad file names') + 1
    const archive = await get(`v1/messages/${id}/attachments.zip`, 'zip')
    const names = zipNames(archive ?? Buffer.alloc(0))
    assert.equal(names.length, fileNames.length)
    assert.deepEqual(nameFaults(names), [])
    for (const at of fileNames.keys()) await get(`v1/messages/${id}/parts/${at + 1}`, 'file')
    const messages = await fetch(`${url}v1/messages.zip?all=true`)
    const subjects = zipNames(Buffer.from(await messages.arrayBuffer()))
    assert.equal(subjects.length, mails.length)
    assert.deepEqual(nameFaults(subjects), [])
  })

  it('image bomb: the server gives the octets and decodes none of them', async () => {
    const id = mails.findIndex(({ name }) => name === 'image bombs') + 1
    const before = process.memoryUsage().rss
    for (const path of ['', '/html', '/checks', '/parts', '/parts/2?inline=1']) {
      assert.equal((await fetch(`${url}v1/messages/${id}${path}`)).status, 200, path)
    }
    // One of them decoded would be 16 GiB.
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 ** 2)
  })
})

describe('what these tests see', () => {
  it('is a policy that lacks something, or has too much', () => {
    const bare = new Headers({ 'content-type': 'image/svg+xml', 'x-evil': '1' })
    for (const kind of ['json', 'html', 'text', 'file', 'picture', 'zip'] as const) {
      const faults = policyFaults(kind, bare)
      for (const fault of [
        'content-security-policy: ',
        'x-content-type-options: ',
        'a field x-evil',
      ])
        assert.ok(faults.includes(fault), `${kind}: ${fault}`)
    }
    const traversing = `attachment; filename="x"; filename*=UTF-8''..%2F..%2Fx%0D%0A`
    const inline = 'inline; filename=x.html'
    const faultsOf = (field: string) =>
      policyFaults('file', new Headers({ 'content-disposition': field })).join()
    assert.match(faultsOf(traversing), /a path in .*\.\.\/\.\.\/x/)
    assert.match(faultsOf(traversing), /U\+000d/)
    assert.match(faultsOf(inline), /content-disposition: inline/)
  })

  it('is a name that is none', () => {
    for (const name of fileNames) {
      const isHarmless = /^(?:"; filename="x\.html|%2e%2e%2fx|''x|same\.txt|NOT IN.*|~\W*|)$/i.test(
        name,
      )
      assert.equal(
        nameFaults([name]).length > 0,
        !isHarmless || name === '',
        JSON.stringify(name.slice(0, 50)),
      )
    }
    assert.deepEqual(nameFaults(['Same.txt', 'same.TXT']), ['same.txt twice'])
  })
})

function* numbersOf(node: Node): Generator<string> {
  if (node.part !== '') yield node.part
  for (const child of node.parts) yield* numbersOf(child)
}
