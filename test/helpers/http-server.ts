import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { HttpOptions } from '../../server/http/context.ts'
import { serveHttp } from '../../server/http/server.ts'
import { type Listener, LiveInboxes } from '../../server/inboxes/inboxes.ts'
import type { Log } from '../../server/log.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Reception } from '../../server/store/message.ts'
import { usualStore } from './store.ts'

export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON. */
  readonly json: unknown
}

export type Ask = {
  readonly method?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
}

/** A server on a store in memory, with a client that can send any header field. */
export async function startHttp(test: TestContext, options: Partial<HttpOptions> = {}) {
  const logged: string[] = []
  const log: Log = {
    info: () => {},
    warn: event => logged.push(event),
    error: (event, cause) => logged.push(`${event} ${(cause as Error)?.stack ?? ''}`),
  }
  const limits = {
    maxMessages: 10_000,
    maxBytes: 256 * 1024 * 1024,
    maxAge: null,
    maxMessageSize: 1_000_000,
    ...options.limits,
  }
  const store =
    options.store ??
    (await MailStore.open({
      ...usualStore,
      ...limits,
      log: line => logged.push(line),
    }))
  const noListener = (): Promise<Listener> => Promise.reject(new Error('there is no SMTP here'))
  const inboxes = await LiveInboxes.open({
    ...{ store, listen: noListener, allowDelete: true, keepFlagged: false, log },
  })
  const { port: opened, close } = await serveHttp({
    store,
    inboxes,
    port: 0,
    host: '127.0.0.1',
    basePath: '/',
    allowHost: [],
    allowOrigin: [],
    auth: null,
    allowDelete: true,
    allowRemote: false,
    version: '1.2.3',
    ports: { smtp: 1025, smtps: null, pop3: 1110, pop3s: null, imap: 1143, imaps: null },
    webDirectory: null,
    log,
    ...options,
    limits,
  })
  // 0 is no port that anybody could connect to.
  const port = opened ?? 0
  test.after(async () => {
    await close()
    await inboxes.close()
    await store.close()
  })

  const ask = async (
    path: string,
    { method = 'GET', headers = {}, body }: Ask = {},
  ): Promise<Reply> => {
    const length =
      body === undefined || headers['transfer-encoding']
        ? {}
        : { 'content-length': Buffer.byteLength(body) }
    const sent = request({
      port,
      host: '127.0.0.1',
      path,
      method,
      agent: false,
      headers: { ...length, ...headers },
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    return {
      status: response.statusCode,
      headers: response.headers,
      bytes,
      text: bytes.toString('utf8'),
      get json() {
        return JSON.parse(bytes.toString('utf8')) as unknown
      },
    }
  }

  const send = (method: string, path: string, body?: unknown): Promise<Reply> =>
    ask(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })

  /** Octets as they are, and everything that comes back until the server closes. */
  const raw = async (octets: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.write(octets, 'latin1')
    return text(socket)
  }

  return { port, close, store, inboxes, logged, ask, send, raw }
}

/** Puts a mail into a store. Answers its id. */
export async function put(
  store: MailStore,
  mail: string | Buffer,
  reception: Partial<Reception> = {},
): Promise<number> {
  const arrival = store.receive({
    envelope: { mailFrom: 'app@example.com', rcptTo: ['ann@example.com'] },
    listener: 'smtp',
    ...reception,
  })
  await arrival.write(Buffer.from(mail))
  return (await arrival.commit()).number
}

/** A small mail with that subject. */
export const mail = (subject: string, body = 'Hello', ...fields: string[]): string =>
  [
    'From: App <app@example.com>',
    'To: Ann <ann@example.com>',
    `Subject: ${subject}`,
    'Date: Fri, 02 Jan 2026 03:04:05 +0000',
    `Message-ID: <${subject.replaceAll(/\W/g, '')}@example.com>`,
    ...fields,
    '',
    body,
    '',
  ].join('\r\n')
