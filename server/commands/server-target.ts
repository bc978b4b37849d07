import { once } from 'node:events'
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as AgentTls, request as requestHttps } from 'node:https'
import type { MessageList, Problem, Stats } from '../http/resources.ts'
import type { Credentials } from '../option-kinds.ts'
import { UsageError } from '../options.ts'
import { writeIdSet } from '../store/id-set.ts'
import { CommandError } from './command-error.ts'
import { type Listed, type NewMessage, RefusedError, type Target } from './target.ts'

/**
 * A running Mailcatch, spoken to over its HTTP API. This file alone connects to where a person says: to the URL that was
 * given, or to this machine's, and to nothing that an answer names.
 */

/** Milliseconds without a sign of life. */
const patience = 60_000
/** Octets of a JSON answer. */
const longestJson = 64 * 1024 * 1024
/** Messages of a page; a search among so few is complete at once. */
const pageSize = 1_000

export type ServerOptions = {
  readonly auth: Credentials | null
  /** Octets, where they are fewer than the server takes; null is the server's limit. */
  readonly maxMessageSize: number | null
}

/** Finds the Mailcatch at a URL. @throws CommandError where there is none, or one that asks for another login */
export async function openServer(
  url: string,
  { auth, maxMessageSize }: ServerOptions,
): Promise<Target> {
  const client = new Client(url, auth)
  try {
    const { limits } = await client.stats()
    return {
      name: client.name,
      maxMessageSize: Math.min(limits.maxMessageSize, maxMessageSize ?? limits.maxMessageSize),
      limits,
      list: q => list(client, q),
      raw: id => client.octets(`v1/messages/${id}/raw`),
      add: message => add(client, message),
      async mark(ids, as) {
        await client.json('PATCH', `v1/messages?ids=${writeIdSet(ids)}`, as)
      },
      close: async () => client.close(),
    }
  } catch (error) {
    client.close()
    throw error
  }
}

async function list(client: Client, q: string | null): Promise<Listed[]> {
  const all: Listed[] = []
  for (let before = ''; ; before = `&before=${all.at(-1)?.id}`) {
    const page = await client.json('GET', `v1/messages?limit=${pageSize}${before}`)
    const found = (page as MessageList).messages.map(({ id, size, receivedAt, from }) => ({
      id,
      size,
      receivedAt: Date.parse(receivedAt),
      from: from[0]?.address ?? '',
    }))
    all.push(...found)
    if (found.length < pageSize) break
  }
  all.reverse()
  return q === null ? all : matching(client, q, all)
}

/** Those that a search finds. It is asked about some messages at a time: what is asked about few is never cut short. */
async function matching(client: Client, q: string, all: readonly Listed[]): Promise<Listed[]> {
  const ids = new Set<number>()
  for (let at = 0; at < Math.max(1, all.length); at += pageSize) {
    const some = all.slice(at, at + pageSize)
    const bounds = `since=${(some[0]?.id ?? 1) - 1}&upto=${some.at(-1)?.id ?? 0}`
    const path = `v1/messages?limit=${pageSize}&${bounds}&q=${encodeURIComponent(q)}`
    const { messages } = (await client.json('GET', path)) as MessageList
    for (const { id } of messages) ids.add(id)
  }
  return all.filter(({ id }) => ids.has(id))
}

async function add(client: Client, message: NewMessage): Promise<number> {
  const response = await client.ask('POST', `v1/messages${message.size === 0 ? '?empty=1' : ''}`, {
    type: 'message/rfc822',
    size: message.size,
    octets: message.octets(),
  })
  if (response.statusCode === 400 || response.statusCode === 413) {
    throw new RefusedError((await problemOf(response)) ?? `answer ${response.statusCode}`)
  }
  const { id } = (await client.read(response)) as { id: number }
  return id
}

type Body = {
  readonly type: string
  readonly size: number
  readonly octets: AsyncIterable<Uint8Array>
}

/** Speaks to a Mailcatch at a URL. */
export class Client {
  /** The URL. */
  readonly name: string
  readonly #url: URL
  readonly #authorization: string | null
  readonly #agent: Agent
  readonly #request: typeof requestHttp

  constructor(url: string, login: Credentials | null) {
    this.name = url
    this.#url = new URL(url)
    this.#authorization =
      login && `Basic ${Buffer.from(`${login.user}:${login.password}`, 'utf8').toString('base64')}`
    const isTls = this.#url.protocol === 'https:'
    this.#agent = new (isTls ? AgentTls : Agent)({ keepAlive: true })
    this.#request = isTls ? requestHttps : requestHttp
  }

  /** A call that answers JSON. */
  async json(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    value?: unknown,
  ): Promise<unknown> {
    const body = value === undefined ? null : Buffer.from(JSON.stringify(value))
    return this.read(
      await this.ask(
        method,
        path,
        body && { type: 'application/json', size: body.length, octets: only(body) },
      ),
    )
  }

  /** A call that may take so many milliseconds, and whose problems of some statuses are answers too. */
  async outcome(
    method: 'GET' | 'POST',
    path: string,
    { takes, statuses }: { readonly takes: number; readonly statuses: readonly number[] },
  ): Promise<{ readonly status: number; readonly value: unknown }> {
    const response = await this.ask(method, path, null, patience + takes)
    const status = response.statusCode ?? 0
    if (!statuses.includes(status)) return { status, value: await this.read(response) }
    const value = await readJson(this.#reading(response))
    if (value === undefined) throw this.stranger()
    return { status, value }
  }

  /** Makes sure that it is a Mailcatch. */
  async stats(): Promise<Stats> {
    const stats = (await this.json('GET', 'v1/stats')) as Stats | null
    if (typeof stats?.limits?.maxMessageSize !== 'number') throw this.stranger()
    return stats
  }

  /** The octets of an answer, null for a 404. */
  async octets(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    const response = await this.ask('GET', path)
    if (response.statusCode === 200) return this.#reading(response)
    if (response.statusCode === 404) {
      response.resume()
      return null
    }
    const failure = await this.#failure(response)
    const isOfThisOne = (response.statusCode ?? 0) >= 500
    throw isOfThisOne ? new RefusedError(failure.message, { cause: failure }) : failure
  }

  /** Reads the JSON of an answer, and throws where it is none, or a problem. */
  async read(response: IncomingMessage): Promise<unknown> {
    if (response.statusCode !== 200 && response.statusCode !== 201) {
      throw await this.#failure(response)
    }
    const value = await readJson(this.#reading(response))
    if (value === undefined) throw this.stranger()
    return value
  }

  /** `silence` is how many milliseconds may pass without a sign of life. */
  async ask(
    method: string,
    path: string,
    body: Body | null = null,
    silence = patience,
  ): Promise<IncomingMessage> {
    try {
      return await this.#ask(method, path, body, silence)
    } catch (error) {
      // The server may have closed a connection that was idle, just as it was used again.
      const { isReused, code } = error as { isReused?: boolean; code?: string }
      const mayAskAgain = method === 'GET' && isReused && code === 'ECONNRESET'
      if (mayAskAgain) return this.#ask(method, path, body, silence)
      throw this.#silence(error)
    }
  }

  stranger(): CommandError {
    return new CommandError('MAILCATCH_NO_ANSWER', `what answers at ${this.name} is no Mailcatch`)
  }

  close(): void {
    this.#agent.destroy()
  }

  async #ask(
    method: string,
    path: string,
    body: Body | null,
    silence: number,
  ): Promise<IncomingMessage> {
    const { protocol, hostname, port, host, pathname } = this.#url
    // A Mailcatch at localhost is at both addresses, and nobody needs to be asked for them.
    const isNear = protocol === 'http:' && hostname === 'localhost'
    const sent = this.#request({
      agent: this.#agent,
      method,
      host: isNear ? '127.0.0.1' : hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      path: `${pathname}${path}`,
      timeout: silence,
      headers: {
        host,
        accept: 'application/json',
        ...(this.#authorization === null ? {} : { authorization: this.#authorization }),
        ...(body && { 'content-type': body.type, 'content-length': body.size }),
      },
    })
    sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${silence / 1_000} s`)))
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve)
      sent.on('error', error => reject(Object.assign(error, { isReused: sent.reusedSocket })))
    })
    if (body) {
      answered.catch(() => {}) // awaited below
      try {
        for await (const octets of body.octets) {
          if (!sent.write(octets)) await Promise.race([once(sent, 'drain'), answered])
        }
      } catch (error) {
        sent.destroy()
        throw error
      }
    }
    sent.end()
    return answered
  }

  async *#reading(response: IncomingMessage): AsyncGenerator<Uint8Array> {
    try {
      yield* response
    } catch (error) {
      throw this.#silence(error)
    }
  }

  #silence(error: unknown): CommandError {
    const { message, code } = error as NodeJS.ErrnoException
    return new CommandError(
      'MAILCATCH_NO_ANSWER',
      `no Mailcatch answers at ${this.name}: ${message || code}`,
      { cause: error },
    )
  }

  async #failure(response: IncomingMessage): Promise<Error> {
    if (response.statusCode === 401) {
      response.resume()
      return new CommandError(
        'MAILCATCH_LOGIN',
        `${this.name} asks for a login; --auth user:password gives it`,
      )
    }
    const detail = await problemOf(response)
    if (detail === null) return this.stranger()
    if (response.statusCode === 400) return new UsageError(detail)
    return new CommandError('MAILCATCH_REFUSED', `${this.name}: ${detail}`)
  }
}

async function* only(octets: Uint8Array) {
  yield octets
}

/** What a problem document says; null where the answer is none. */
async function problemOf(response: IncomingMessage): Promise<string | null> {
  const problem = (await readJson(response)) as Partial<Problem> | null | undefined
  return typeof problem?.detail === 'string' ? problem.detail : null
}

/** Undefined where it is no JSON. */
async function readJson(octets: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of octets) {
    size += chunk.length
    if (size > longestJson) throw new Error(`an answer has more than ${longestJson} octets`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
