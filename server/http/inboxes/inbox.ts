import * as z from 'zod'
import { addressOfInbox, type Inbox, inboxId } from '../../store/inbox.ts'
import type { HttpContext } from '../context.ts'
import { HttpProblem } from '../problem.ts'
import type { Inbox as InboxResource, Login } from '../resources.ts'

/** An inbox's id, in a path. */
export const pathInbox = z
  .string()
  .regex(inboxId, 'expected the id of an inbox')
  .meta({ description: 'The id of an inbox' })

/** The inbox of an id. Throws a 404. */
export function findInbox(id: string, { store }: HttpContext): Inbox {
  const inbox = store.inboxes.get(id)
  if (inbox) return inbox
  throw new HttpProblem(404, `There is no inbox ${id}.`)
}

/** An inbox as the API tells of it, to somebody who calls this machine `host`. */
export function inboxOf(inbox: Inbox, host: string, http: HttpContext): InboxResource {
  const { id, name, password, addresses, domains, tags, createdAt, expiresAt } = inbox
  const address = addressOfInbox(id)
  const ports = http.ports()
  const login = (port: number | null): Login => ({ host, port, user: address, password })
  return {
    id,
    name,
    address,
    route: { addresses, domains, tags },
    smtp: login(http.inboxes.portOf(id) ?? ports.smtp ?? ports.smtps),
    imap: login(ports.imap ?? ports.imaps),
    pop3: login(ports.pop3 ?? ports.pop3s),
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ...http.store.inboxes.count(id),
  }
}
