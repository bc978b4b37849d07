import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { closeAll, exchange, openMany, request, statusesOf } from '../helpers/http-attack.ts'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { getText } from '../helpers/round-trip.ts'
import { startVictim } from '../helpers/victim.ts'

const victim = await startVictim({ after })
const port = victim.ports.http
const close = 'Connection: close'

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

const post = (line: string, type: string, octets: string): Promise<string> =>
  exchange(
    port,
    request(line, [close, `Content-Type: ${type}`, `Content-Length: ${octets.length}`], octets),
  )
const find = (name: string, value: string): Promise<string> =>
  exchange(port, request(`GET /v1/messages?${name}=${encodeURIComponent(value)}`, [close]))
const match = (line: string, body: unknown): Promise<string> =>
  post(line, 'application/json', JSON.stringify(body))

/** What a backtracking engine never finishes with. */
const letters = 'a'.repeat(900)
const catastrophic = ['(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*a){20}b', '([a-z]+)*!', '(a?){60}a{60}b']
const list = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at))

/** Sends mail in which such patterns find much to try. */
for (let at = 0; at < 20; at++) {
  const mail = `From: a@example.com\r\nTo: ${letters.slice(0, 60)}@example.com\r\nSubject: ${letters}\r\nX-Kind: ${letters}\r\n\r\n${`${letters}\r\n`.repeat(50)}`
  await post('POST /v1/messages', 'message/rfc822', mail)
}

test('control: a backtracking engine does not come back from such a pattern', async () => {
  const worker = new Worker(
    `require('node:worker_threads').parentPort.postMessage('begun'); /(a+)+$/.test('${letters}!')
     require('node:worker_threads').parentPort.postMessage('done')`,
    { eval: true },
  )
  const said: string[] = []
  worker.on('message', what => said.push(what))
  await new Promise(resolve => worker.once('message', resolve))
  // As long as it takes to ask the server for all of them, and be answered.
  for (const pattern of catastrophic) {
    assert.deepEqual(statusesOf(await find('subject', `/${pattern}/`)), [200], pattern)
    assert.deepEqual(statusesOf(await find('q', `body:/${pattern}/`)), [200], pattern)
  }
  assert.deepEqual(said, ['begun'])
  await worker.terminate()
})

attack('regular-expression denial: no pattern takes long on any field', async () => {
  for (const pattern of catastrophic) {
    const from = performance.now()
    const answers = await Promise.all(
      ['subject', 'to', 'text', 'html', 'body', 'header.X-Kind', 'attachment', 'tag'].map(name =>
        find(name, `/${pattern}/i`),
      ),
    )
    assert.ok(
      answers.every(answer => statusesOf(answer)[0] === 200),
      pattern,
    )
    assert.ok(performance.now() - from < 10_000, pattern)
  }
})

attack(
  'regular-expression denial by size: too large, too many, or too deep is a 400 at once',
  async () => {
    const from = performance.now()
    for (const value of [
      `/${'\\p{L}{1,1000}'.repeat(70)}/i`,
      `/${'((a{30}){30})'.repeat(70)}/`,
      `/${'(a{1000})'.repeat(100)}/`,
      `/${'((a{2}){2}){2}'.repeat(71)}x{1001}/`,
      `/${'x'.repeat(1_000)}/`,
      '/(/',
      '/(?<=a)b/',
      '/(a)\\1/',
    ]) {
      assert.deepEqual(statusesOf(await find('subject', value)), [400], value.slice(0, 40))
    }
    const large = (at: number) => `/${at}${'(a?){100}'.repeat(11)}[bc]/`
    const many = { any: list(50, () => ({ subject: list(50, large) })) }
    for (const [line, body] of [
      ['PATCH /v1/messages', { matcher: many, unread: false }],
      ['DELETE /v1/messages', { matcher: many }],
      ['POST /v1/wait', many],
      ['POST /v1/none', many],
      ['POST /v1/expect', { expect: list(50, at => ({ match: { subject: large(at) } })) }],
      ['POST /v1/wait', { any: list(50, () => ({ any: list(50, () => ({ subject: 'x' })) })) }],
      ['POST /v1/wait', { header: Object.fromEntries(list(5_000, at => [`X-${at}`, 'x'])) }],
    ] as const) {
      const answer = await match(line, body)
      assert.deepEqual(statusesOf(answer), [400], `${line}: ${answer.slice(-200)}`)
    }
    assert.ok(performance.now() - from < 20_000)
  },
)

attack(
  'wildcards, long queries, many terms and deep parentheses are linear, or refused',
  async () => {
    const from = performance.now()
    for (const [name, value, status] of [
      ['to', '*a'.repeat(499), 200],
      ['to', '*'.repeat(1_000), 200],
      ['attachment', `${'*a*'.repeat(333)}b`, 200],
      ['q', `to:${'*a'.repeat(490)}*b`, 200],
      ['q', list(50, at => `w${at}`).join(' OR '), 200],
      ['q', list(51, String).join(' '), 400],
      ['q', 'x'.repeat(1_001), 400],
      ['q', `${'('.repeat(400)}a${')'.repeat(400)}`, 400],
      ['q', '('.repeat(1_000), 400],
      ['q', `${'-'.repeat(900)}a`, 400],
      ['q', '"'.repeat(999), 400],
      ['q', `${'\\'.repeat(900)}/`, 200],
      ['q', `subject:/${'\\'.repeat(900)}`, 200],
    ] as const) {
      const answer = await find(name, value)
      assert.deepEqual(
        statusesOf(answer),
        [status],
        `${name}=${value.slice(0, 40)}: ${answer.slice(-200)}`,
      )
    }
    assert.ok(performance.now() - from < 15_000)
  },
)

const unmatched = (at: number, inner: number) => ({ address: `no*${at}-${inner}x` })
const conditions = { any: list(9, at => ({ any: list(48, inner => unmatched(at, inner)) })) }
const crowd = list(10_000, at => `u${at}@b.example`)
const crowded = `From: a@example.com\r\nTo: ${crowd.join(',\r\n ')}\r\nSubject: crowd\r\n\r\nhi\r\n`

/** Milliseconds that somebody else's question must not take. */
const unbearable = 1_000

/** The longest that somebody else's question takes while something is asked, in milliseconds. */
async function longestMeanwhile(asked: Promise<unknown>): Promise<number> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  asked.then(over, over)
  let longest = 0
  while (!isOver) {
    const before = performance.now()
    await getText(victim, 'livez')
    longest = Math.max(longest, performance.now() - before)
  }
  await asked
  return longest
}

test('control: to fold all addresses of a mail for each condition holds a thread for long', () => {
  const from = performance.now()
  let count = 0
  for (let one = 0; one < 432; one++) {
    for (const address of crowd) if (address.normalize('NFKC').toLowerCase() === 'x') count++
  }
  assert.equal(count, 0)
  // In the envelope and in the header, of five such mails.
  assert.ok(2 * 5 * (performance.now() - from) > unbearable)
})

attack('many conditions times many addresses: others are served meanwhile', async () => {
  for (let at = 0; at < 5; at++) await post('POST /v1/messages', 'message/rfc822', crowded)
  await find('q', 'subject:crowd has:attachment')
  const stored = match('POST /v1/wait', { ...conditions, timeout: '1s' })
  const whileStored = await longestMeanwhile(stored)
  assert.deepEqual(statusesOf(await stored), [404])
  const terms = list(50, at => `addressed:no${at}*x`).join(' OR ')
  const whileSearched = await longestMeanwhile(find('q', terms))
  const pending = match('POST /v1/wait', { ...conditions, since: 'now', timeout: '2s' })
  const whileArriving = await longestMeanwhile(
    Promise.all([post('POST /v1/messages', 'message/rfc822', crowded), pending]),
  )
  assert.deepEqual(statusesOf(await pending), [404])
  for (const time of [whileStored, whileSearched, whileArriving]) {
    assert.ok(time < unbearable, `${Math.round(time)} ms`)
  }
})

attack('many searches at once whose clients vanish', async () => {
  const sockets = await openMany(port, 100)
  sockets.forEach((socket, at) => {
    const value = encodeURIComponent(`body:/${at}${catastrophic[at % catastrophic.length]}/`)
    socket.write(request(`GET /v1/messages?q=${value}`))
  })
  for (let round = 0; round < 5; round++) await getText(victim, 'livez')
  await closeAll(sockets)
})
