import type { Options } from '../index.ts'
import { type ClientOptions, type MailcatchClient, openClient } from './client.ts'
import { MailcatchError } from './errors.ts'
import type { Mail } from './mail.ts'

/** What `startMailcatch` of the main entry takes, and what the client does. */
export type StartOptions = Partial<Options> & ClientOptions

/**
 * Starts Mailcatch in this process: any free ports, everything in memory, and without STARTTLS unless told otherwise,
 * since an app that begins TLS by itself would refuse its certificate. Where the variable MAILCATCH_URL is set, it is
 * the same as `connect(process.env.MAILCATCH_URL)`, and only `timeout` counts.
 *
 * @example
 * ```ts
 * await using mailcatch = await startMailcatch()
 * const inbox = await mailcatch.inbox()
 * await app.signUp(inbox.address(), { smtp: mailcatch.smtp.url })
 * const code = (await inbox.waitFor('Your code')).code()
 * ```
 */
export const startMailcatch = (options: StartOptions = {}): Promise<MailcatchClient> =>
  startWith(options, mail => mail)

/**
 * Connects to the Mailcatch at a URL, which may have a login in it: `http://user:password@mail.internal:8025/`.
 *
 * @throws MailcatchError where none answers
 */
export const connect = (url: string, options: ClientOptions = {}): Promise<MailcatchClient> =>
  connectWith(url, options, mail => mail)

/** @internal */
export function startWith<M extends Mail>(
  options: StartOptions,
  make: (mail: Mail) => M,
): Promise<MailcatchClient<M>> {
  const { MAILCATCH_URL } = process.env
  if (!MAILCATCH_URL) return startHere(options, make)
  const { timeout } = options
  return connectWith(MAILCATCH_URL, timeout === undefined ? {} : { timeout }, make)
}

/** Starts one here, whatever MAILCATCH_URL says. @internal */
export async function startHere<M extends Mail>(
  { timeout, ...options }: StartOptions,
  make: (mail: Mail) => M,
): Promise<MailcatchClient<M>> {
  const client = timeout === undefined ? {} : { timeout }
  const main = await loadMain()
  const server = await main.startMailcatch({ starttls: false, ...options })
  try {
    const url = loginTo(server.url, options.auth)
    return await openClient(url, { ...client, make, close: server.close })
  } catch (error) {
    await server.close()
    throw error
  }
}

async function loadMain() {
  try {
    return await import('../index.ts')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG')
      throw error
    const text =
      'Mailcatch cannot start in a test of Jest, which lets nobody load modules there: put mailcatch/jest/global-setup into globalSetup, or give Node --experimental-vm-modules'
    throw new MailcatchError(text, null, error)
  }
}

function loginTo(address: string | null, auth: StartOptions['auth']): string {
  if (address === null) throw new MailcatchError('httpPort cannot be off: the library talks HTTP')
  const url = new URL(address)
  // Some libraries ask the network who localhost is.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1'
  if (auth) {
    url.username = encodeURIComponent(auth.user)
    url.password = encodeURIComponent(auth.password)
  }
  return url.href
}

/** @internal */
export const connectWith = <M extends Mail>(
  url: string,
  options: ClientOptions,
  make: (mail: Mail) => M,
): Promise<MailcatchClient<M>> => openClient(url, { ...options, make, close: async () => {} })
