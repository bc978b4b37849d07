import { once } from 'node:events'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { Problem } from '../http/resources.ts'
import { MailcatchError } from './errors.ts'
import { startOf } from './words.ts'

/**
 * The HTTP API of one Mailcatch. This file alone connects, and only to the URL that it was given. It does not use
 * `fetch`: tests replace that, and jsdom has none. Each call has a connection of its own, so that none is left open
 * between two tests, and none that has gone stale can fail one.
 */
export class Api {
  /** With a `/` at its end, and without the login. */
  readonly url: string
  readonly #login: { readonly username: string; readonly password: string } | null

  constructor(url: string) {
    const { origin, pathname, username, password, protocol } = parsed(url)
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new MailcatchError(`${url} is no http URL`)
    }
    this.url = `${origin}${pathname.endsWith('/') ? pathname : `${pathname}/`}`
    this.#login = username ? { username, password } : null
  }

  /** An address to open in a browser, which is logged in by it. */
  withLogin(path: string): string {
    return Object.assign(new URL(path, this.url), this.#login).href
  }

  /** Asks, and reads a JSON answer; null where it is empty. @throws RefusedError with what the server says is wrong */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = (await this.#ask(method, path, body)).toString('utf8')
    return (text === '' ? null : JSON.parse(text)) as T
  }

  /** @throws RefusedError with what the server says is wrong */
  async text(path: string): Promise<string> {
    return (await this.#ask('GET', path)).toString('utf8')
  }

  /** @throws RefusedError with what the server says is wrong */
  octets(path: string): Promise<Uint8Array> {
    return this.#ask('GET', path)
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Buffer> {
    const text = body === undefined ? null : JSON.stringify(body)
    const url = new URL(path, this.url)
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      agent: false,
      headers: {
        ...(this.#login && { authorization: basic(this.#login) }),
        ...(text !== null && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
      },
    })
    try {
      sent.end(text ?? undefined)
      const [response] = await once(sent, 'response')
      const octets = await buffer(response)
      if (response.statusCode < 300) return octets
      throw refused(response.statusCode, octets, url)
    } catch (error) {
      if (error instanceof RefusedError) throw error
      const { message, code } = error as NodeJS.ErrnoException
      throw new MailcatchError(
        `Mailcatch does not answer at ${this.url} (${message || code}). Is it running there? MAILCATCH_URL names another.`,
        null,
        error,
      )
    }
  }
}

/** RFC 7617 §2; in a URL both are percent-encoded. */
const basic = ({ username, password }: { username: string; password: string }): string => {
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(login).toString('base64')}`
}

/** The server's answer that it will or can not. */
export class RefusedError extends MailcatchError {
  declare readonly problem: Problem
}

function parsed(url: string): URL {
  try {
    return new URL(url)
  } catch (error) {
    throw new MailcatchError(`${url} is no URL`, null, error)
  }
}

function refused(status: number, octets: Buffer, { pathname, host }: URL): RefusedError {
  const text = octets.toString('utf8')
  let problem: Problem
  try {
    problem = JSON.parse(text) as Problem
  } catch {
    problem = { type: 'about:blank', title: 'Not Mailcatch', status, detail: startOf(text, 200) }
  }
  const { detail, parameter } = problem
  const where = parameter && !detail.includes(parameter) ? `${parameter}: ` : ''
  return new RefusedError(`${where}${detail} (${status} of ${pathname} at ${host})`, problem)
}
