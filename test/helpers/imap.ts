import type { TestContext } from 'node:test'
import { type ImapOptions, serveImap } from '../../server/imap/server.ts'
import { createLog } from '../../server/log.ts'
import { openSecureContext } from '../../server/net/tls.ts'
import { MailStore, type StoreOptions } from '../../server/store/mail-store.ts'
import { usualStore } from './store.ts'
import { playOn } from './transcript.ts'
import { Wire } from './wire.ts'

const secureContext = await openSecureContext({
  directory: '/nowhere',
  memory: true,
  names: [],
  tlsCert: null,
  tlsKey: null,
  log: createLog('quiet'),
})

type Options = Partial<ImapOptions> & {
  readonly storeOptions?: Partial<StoreOptions>
}

/** An IMAP server on a free port with a store in memory, until the test ends. */
export async function startImap(
  t: Pick<TestContext, 'after'>,
  { storeOptions, ...options }: Options = {},
) {
  const lines: string[] = []
  const log = createLog('verbose', line => lines.push(line))
  const maxMessageSize = options.maxMessageSize ?? 1024 * 1024
  const store =
    options.store ??
    (await MailStore.open({
      ...usualStore,
      maxMessages: 200_000,
      maxMessageSize,
      log: line => lines.push(line),
      ...storeOptions,
    }))
  const server = await serveImap({
    store,
    port: 0,
    host: null,
    secureContext,
    auth: null,
    maxMessageSize,
    log,
    ...options,
  })
  t.after(async () => {
    await server.close()
    if (!options.store) await store.close()
  })
  return {
    ...server,
    store,
    /** What was logged. */
    lines,
    /** Mail arrives, as by SMTP. Resolves with its ids. */
    deliver: (...subjects: string[]) => deliver(store, subjects),
    /** Plays a conversation of clients that have logged in; `C:` and `S:` are one of them, `C2:` and `S2:` another. */
    play: (transcript: string, user = 'ann') =>
      playOn(() => openImap(server.port, user), transcript),
  }
}

export type RunningImap = Awaited<ReturnType<typeof startImap>>

/** Small messages with these subjects, for `ann@example.com`. */
export async function deliver(
  store: MailStore,
  subjects: readonly string[],
  rcptTo: readonly string[] = ['ann@example.com'],
): Promise<number[]> {
  const ids: number[] = []
  for (const subject of subjects) {
    const arrival = store.receive({
      envelope: { mailFrom: 'app@example.com', rcptTo },
      listener: 'smtp',
    })
    const text = `From: app@example.com\r\nTo: ${rcptTo}\r\nSubject: ${subject}\r\n\r\nThe body of ${subject}.\r\n`
    await arrival.write(Buffer.from(text))
    ids.push((await arrival.commit()).message.id)
  }
  return ids
}

/** A client that has logged in: any name does, one with `@` is an account of its own. */
export async function openImap(port: number, user = 'ann', password = 'any'): Promise<Wire> {
  const wire = await Wire.open(port)
  await wire.line()
  wire.write(`login LOGIN "${user}" "${password}"\r\n`)
  const answer = await wire.line()
  if (!answer?.startsWith('login OK')) throw new Error(`not logged in: ${answer}`)
  return wire
}

/** Sends a command and gives what it is answered, to the tagged line, which is the last. */
export async function askImap(wire: Wire, command: string): Promise<string[]> {
  const commandTag = `t${++commands}`
  wire.write(`${commandTag} ${command}\r\n`)
  const lines: string[] = []
  for (;;) {
    const line = await wire.line()
    if (line === null) return lines
    if (line.startsWith(`${commandTag} `)) return [...lines, line.slice(commandTag.length + 1)]
    lines.push(line)
  }
}

let commands = 0
