import type { Inbox as InboxResource, Login as ServerLogin } from '../http/resources.ts'
import type { Api } from './api.ts'
import { MailcatchError } from './errors.ts'
import type { Mail } from './mail.ts'
import { type Reading, readMail, type Scope } from './reading.ts'

/** A server, and who to log in as. */
export type Login = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** All of it, for libraries that take one: `smtp://user:password@127.0.0.1:1025`. */
  readonly url: string
}

/** Where the app sends its mail to; any login will do. */
export type Server = Pick<Login, 'host' | 'port' | 'url'>

/** A test's own share of the mail: others that run at the same time neither see nor disturb it. */
export type Inbox<M extends Mail = Mail> = Reading<M> &
  AsyncDisposable & {
    readonly id: string
    readonly name: string
    readonly expiresAt: Date
    /**
     * The address whose mail comes here; with a label another one whose mail does.
     *
     * @example
     * inbox.address()          // k3v9x0@inbox.mailcatch.test
     * inbox.address('billing') // k3v9x0+billing@inbox.mailcatch.test
     */
    address(label?: string): string
    /** Whatever is sent with this login comes here, for whomever it is. */
    readonly smtp: Login
    /** To read it with a mail client; null where that is off. */
    readonly imap: Login | null
    readonly pop3: Login | null
    /** Where people see it in the web inbox. */
    readonly url: string
    /** Removes the inbox and its mail. It expires by itself, too. */
    remove(): Promise<void>
  }

export type InboxOptions = {
  /** Seconds until it is removed; 3 600 unless given. */
  readonly ttl?: number
  /** Mail for these is its too. */
  readonly route?: {
    readonly addresses?: readonly string[]
    readonly domains?: readonly string[]
    readonly tags?: readonly string[]
  }
  /** A port of its own, for an app that can neither log in nor be given an address: all that comes there is its. */
  readonly ownPort?: boolean
}

/** Makes an inbox. @internal */
export async function openInbox<M extends Mail>(
  api: Api,
  {
    name,
    ttl,
    route,
    ownPort,
    ...reading
  }: InboxOptions & Pick<Scope<M>, 'make' | 'timeout'> & { readonly name?: string | undefined },
): Promise<Inbox<M>> {
  const made = await api.json<InboxResource>('POST', 'v1/inboxes', {
    ...(name && { name }),
    ...(ttl !== undefined && { ttl }),
    ...(route && { route }),
    ...(ownPort && { smtp: true }),
  })
  const { id, address } = made
  const at = address.lastIndexOf('@')
  const remove = async () => {
    await api.json('DELETE', `v1/inboxes/${id}`)
  }
  return {
    ...readMail(api, { ...reading, matcher: { inbox: id }, start: 0 }),
    id,
    name: made.name,
    expiresAt: new Date(made.expiresAt),
    address: label =>
      label === undefined ? address : `${address.slice(0, at)}+${label}${address.slice(at)}`,
    get smtp() {
      const login = loginOf('smtp', made.smtp)
      if (login === null) throw new MailcatchError(`SMTP is off in the Mailcatch at ${api.url}`)
      return login
    },
    imap: loginOf('imap', made.imap),
    pop3: loginOf('pop3', made.pop3),
    url: `${api.url}?q=inbox:${id}`,
    remove,
    [Symbol.asyncDispose]: remove,
  }
}

function loginOf(scheme: string, { host, port, user, password }: ServerLogin): Login | null {
  if (port === null) return null
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  const name = host.includes(':') ? `[${host}]` : host
  return { host, port, user, password, url: `${scheme}://${login}@${name}:${port}` }
}
