import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { getText, roundTrip } from '../helpers/round-trip.ts'
import { startVictim } from '../helpers/victim.ts'
import { Wire } from '../helpers/wire.ts'

// security.md §1 and §2.3: who guesses passwords, where `--auth` is set.

const login = { user: 'ann', password: 'right one' }
const victim = await startVictim({ after }, [], login)
const { smtp, pop3, imap } = victim.ports

const base64 = (text: string): string => Buffer.from(text).toString('base64')

type Guesser = {
  readonly name: string
  readonly port: number
  readonly opening: readonly string[]
  readonly guess: (password: string) => readonly string[]
  readonly refusal: RegExp
  readonly success: RegExp
  /** How many guesses a connection has. */
  readonly most: number
}

const GUESSERS: readonly Guesser[] = [
  {
    name: 'SMTP',
    port: smtp,
    opening: ['EHLO client.example'],
    guess: password => [`AUTH PLAIN ${base64(`\0ann\0${password}`)}`],
    refusal: /^535 |^421 /,
    success: /^235 /,
    most: 10,
  },
  {
    name: 'POP3',
    port: pop3 ?? 0,
    opening: [],
    guess: password => ['USER ann', `PASS ${password}`],
    refusal: /^-ERR \[AUTH\]/,
    success: /^\+OK \d/,
    most: 5,
  },
  {
    name: 'IMAP, LOGIN',
    port: imap ?? 0,
    opening: [],
    guess: password => [`a LOGIN ann "${password}"`],
    refusal: /^a NO \[AUTHENTICATIONFAILED\]|^\* BYE/,
    success: /^a OK/,
    most: 10,
  },
  {
    name: 'IMAP, SCRAM',
    port: imap ?? 0,
    opening: [],
    guess: password => [
      `a AUTHENTICATE SCRAM-SHA-256 ${base64(`n,,n=${password.replaceAll(/\W/g, '')},r=nonce`)}`,
      base64('c=biws,r=nonce,p=AAAA'),
    ],
    refusal: /^a NO \[AUTHENTICATIONFAILED\]|^\* BYE/,
    success: /^a OK/,
    most: 10,
  },
]

/** Sends guesses, pipelined, until the connection is closed; resolves with how many were refused. */
async function guessAll(
  { port, opening, guess, refusal, success }: Guesser,
  count: number,
  signal?: AbortSignal,
) {
  const wire = await Wire.open(port)
  const leave = () => wire.destroy()
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave)
  const guesses = Array.from({ length: count }, (_, at) => guess(`wrong ${at}`)).flat()
  wire.write([...opening, ...guesses, ''].join('\r\n'))
  let refused = 0
  for (let line = await wire.line(); line !== null; line = await wire.line()) {
    assert.doesNotMatch(line, success)
    if (refusal.test(line)) refused++
  }
  signal?.removeEventListener('abort', leave)
  leave()
  return refused
}

// POP3 takes its time with each: test/pop3/session.test.ts.
for (const guesser of GUESSERS.filter(({ port }) => port !== pop3)) {
  test(`${guesser.name}: a connection has ${guesser.most} guesses`, async () => {
    assert.equal(await guessAll(guesser, 40), guesser.most)
  })
}

for (const guesser of GUESSERS.filter(({ name }) => !name.includes('SCRAM'))) {
  test(`control: ${guesser.name}: the right guess opens`, async () => {
    const wire = await Wire.open(guesser.port)
    wire.write([...guesser.opening, ...guesser.guess(login.password), ''].join('\r\n'))
    for (
      let line = await wire.line();
      !guesser.success.test(line ?? '');
      line = await wire.line()
    ) {
      assert.notEqual(line, null)
    }
    wire.destroy()
  })
}

test('auth floods with wrong passwords do not slow others', {
  skip: noProcessFigures,
}, async () => {
  await victim.survives(async () => {
    const over = new AbortController()
    const { signal } = over
    let refused = 0
    const flood = async (guesser: Guesser) => {
      while (!signal.aborted) {
        const more = await guessAll(guesser, 20, signal)
        refused += more
      }
    }
    const guessByHttp = async () => {
      const wrong = { ...victim, login: { user: 'ann', password: 'wrong' } }
      while (!signal.aborted) {
        await assert.rejects(getText(wrong, 'v1/messages'), /401/)
        refused++
      }
    }
    const floods = [
      ...GUESSERS.flatMap(guesser => Array.from({ length: 8 }, () => flood(guesser))),
      guessByHttp(),
    ]
    const times: number[] = []
    do times.push(await roundTrip(victim))
    while (times.length < 5 || refused < 500)
    over.abort()
    await Promise.all(floods)
    // Guessers and the one who measures are one process here: one quick round is what shows that nobody waits for them.
    assert.ok(Math.min(...times) < 1_000, `${times.map(Math.round)} ms`)
  })
})
