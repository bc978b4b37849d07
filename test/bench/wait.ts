import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type ClientRequest, get } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MessageList } from '../../server/http/resources.ts'
import { freePorts } from '../helpers/free-port.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { percentile } from './latency.ts'
import { installMailDev } from './maildev.ts'
import { inFolder, load, startMailcatch } from './processes.ts'

const count = 300
/** Polling takes half a second for each. */
const countPolled = 20
const pollInterval = 500
/** Who wait for something else meanwhile. */
const others = 1_000
/** Milliseconds before each mail; whoever polls is met at any moment. */
const pause = { waiting: () => 20, polling: () => 20 + Math.random() * pollInterval }
/** For a rate, sent by so many connections. */
const loadOf = { connections: 4, mails: 2_000, rounds: 3 }
const starts = 9

const dist = (path: string): string =>
  pathToFileURL(fileURLToPath(new URL(`../../dist/${path}`, import.meta.url))).href

const mail = (to: string): Buffer =>
  Buffer.from(
    `From: App <app@example.com>\r\nTo: <${to}>\r\nSubject: Your code\r\nMIME-Version: 1.0\r\n` +
      'Content-Type: text/html; charset=utf-8\r\n\r\n<p>Your verification code is <b>482913</b>.</p>\r\n' +
      `<p><a href="https://app.example.com/confirm?t=1">Confirm your address</a></p>\r\n`,
  )

/** Sends a mail to somebody who waits for it; milliseconds from its final dot to the answer. */
const measure = async (
  sender: Sender,
  serial: number,
  wait: (to: string) => Promise<unknown>,
  before: number,
): Promise<number> => {
  const to = `user-${serial}@example.org`
  let end = 0
  const answered = wait(to).then(() => {
    end = performance.now()
  })
  // Until it waits: the mail would be found all the same, but that is not what is measured.
  await setTimeout(before)
  let dot = 0
  await sender.send(dataOf(mail(to)), 'app@example.com', to, () => {
    dot = performance.now()
  })
  await answered
  return end - dot
}

const several = async (
  times: number,
  sender: Sender,
  wait: (to: string) => Promise<unknown>,
  before = pause.waiting,
): Promise<number[]> => {
  const values: number[] = []
  // The first ones warm both sides up.
  const warmUp = Math.min(20, times / 10)
  for (let serial = -warmUp; serial < times; serial++) {
    const value = await measure(sender, serial + warmUp, wait, before())
    if (serial >= 0) values.push(value)
  }
  return values
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

const ask = (url: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers: { accept: 'application/json' } }, response => {
      json(response).then(resolve, reject)
    }).on('error', reject)
  })

const poll = async (url: string, to: string): Promise<void> => {
  for (;;) {
    const { messages } = (await ask(`${url}v1/messages?address=${to}&limit=1`)) as MessageList
    if (messages.length > 0) return
    await setTimeout(pollInterval)
  }
}

const row = (name: string, values: number[]): string[] => [
  name,
  percentile(values, 0.5).toFixed(1),
  percentile(values, 0.99).toFixed(1),
]

/** `npm run bench:wait`: how soon a test knows of a mail, and how soon it can begin. */
export async function* wait(): AsyncGenerator<string[]> {
  yield* latencies()
  yield ['', '', '']
  yield* rates()
  yield ['', '', '']
  yield* startups()
}

async function* latencies(): AsyncGenerator<string[]> {
  yield ['final dot to', 'p50 ms', 'p99 ms']
  yield ['---', '--:', '--:']
  yield* await inFolder(async data => {
    const { url, smtp, stop } = await startMailcatch(data)
    const sender = await Sender.open(smtp)
    const wait = (to: string) => ask(`${url}v1/wait?address=${to}&since=now`)
    const code = (to: string) => ask(`${url}v1/code?address=${to}&since=now`)
    const text = (to: string) => ask(`${url}v1/wait?body=482913&to=${to}&since=now`)
    const rows = [
      row('answer of /v1/wait', await several(count, sender, wait)),
      row('answer of /v1/code', await several(count, sender, code)),
      row('answer of /v1/wait for a text', await several(count, sender, text)),
    ]
    const idle = await waitForOthers(url)
    rows.push(row(`answer of /v1/wait, ${others} others`, await several(count, sender, wait)))
    idle.end()
    sender.close()
    await stop()
    return rows
  })
  yield await inFolder(async data => {
    const { url, smtp, stop } = await startMailcatch(data)
    const sender = await Sender.open(smtp)
    const values = await several(countPolled, sender, to => poll(url, to), pause.polling)
    sender.close()
    await stop()
    return row(`the list, asked every ${pollInterval} ms`, values)
  })
  const { startMailcatch: startHere } = (await import(dist('testing/testing.js'))) as Library
  const mailcatch = await startHere()
  const sender = await Sender.open(mailcatch.smtp.port)
  const values = await several(count, sender, to => mailcatch.waitFor({ address: to }))
  sender.close()
  await mailcatch.close()
  yield row('waitFor of mailcatch/testing, in-process', values)
}

type Library = typeof import('../../server/testing/index.ts')

/** Requests that wait for mail that never comes. */
async function waitForOthers(url: string): Promise<{ end(): void }> {
  const requests: ClientRequest[] = []
  for (let at = 0; at < others; at++) {
    const path = `v1/wait?address=other-${at}@example.org&timeout=120s`
    const request = get(`${url}${path}`, { agent: false })
    const [socket] = await once(request, 'socket')
    if (socket.connecting) await once(socket, 'connect')
    // When they are ended.
    request.on('error', () => {})
    requests.push(request)
  }
  let waiting = 0
  while (waiting < others) {
    const metrics = await (await fetch(`${url}metrics`)).text()
    waiting = Number(/^mailcatch_waiting (\d+)$/m.exec(metrics)?.[1])
  }
  return {
    end() {
      for (const request of requests) request.destroy()
    },
  }
}

async function* rates(): AsyncGenerator<string[]> {
  yield ['mails a second, acknowledged', 'nobody waits', `${others} wait for others`]
  yield ['---', '--:', '--:']
  const { connections, mails, rounds } = loadOf
  yield await inFolder(async data => {
    const { url, smtp, stop } = await startMailcatch(data)
    const seconds = { nobody: [] as number[], others: [] as number[] }
    await load(smtp, connections, mails, 'small')
    for (let round = 0; round < rounds; round++) {
      seconds.nobody.push(await load(smtp, connections, mails, 'small'))
      const idle = await waitForOthers(url)
      seconds.others.push(await load(smtp, connections, mails, 'small'))
      idle.end()
    }
    await stop()
    const rate = (values: number[]) => (mails / percentile(values, 0.5)).toFixed(0)
    return ['median', rate(seconds.nobody), rate(seconds.others)]
  })
}

/** Milliseconds, in a process of its own, from the first import to ports that are open. */
async function* startups(): AsyncGenerator<string[]> {
  yield ['start to ready, in-process', 'median ms', 'max ms']
  yield ['---', '--:', '--:']
  const require = createRequire(import.meta.url)
  const tester = JSON.stringify(require.resolve('smtp-tester'))
  // Its package names no way in for `require`, which is all that looks a file up from here.
  const maildev = JSON.stringify(
    pathToFileURL(join(await installMailDev(), 'node_modules/maildev/dist/index.js')).href,
  )
  const { smtp, web } = await freePorts('smtp', 'web')
  const scripts: [name: string, script: string][] = [
    [
      'mailcatch/testing',
      `const { startMailcatch } = await import('${dist('testing/testing.js')}'); await startMailcatch()`,
    ],
    [
      'mailcatch/testing, HTTP and SMTP alone',
      `const { startMailcatch } = await import('${dist('testing/testing.js')}'); await startMailcatch({ pop3Port: null, imapPort: null })`,
    ],
    [
      'smtp-tester 2.1.0 (SMTP alone)',
      `const { default: tester } = await import(${tester}); const { smtpServer } = tester.init(0); await new Promise(resolve => smtpServer.server.once('listening', resolve))`,
    ],
    [
      'MailDev 3.0.0, embedded',
      `const { MailDev } = await import(${maildev}); await new MailDev({ smtp: ${smtp}, web: ${web}, silent: true, ip: '127.0.0.1', webIp: '127.0.0.1' }).start()`,
    ],
  ]
  for (const [name, script] of scripts) {
    const values: number[] = []
    for (let run = 0; run < starts; run++) {
      const measured = `const start = performance.now(); ${script}; process.stdout.write(String(performance.now() - start)); process.exit()`
      const out = execFileSync(process.execPath, ['--input-type=module', '--eval', measured])
      values.push(Number(/[\d.]+$/.exec(String(out))?.[0]))
    }
    const median = percentile(values, 0.5)
    yield [name, median.toFixed(0), Math.max(...values).toFixed(0)]
  }
}
