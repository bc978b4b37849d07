import type { IncomingMessage } from 'node:http'
import * as z from 'zod'
import { MailboxError } from '../../store/store-error.ts'
import { checkDeleting } from '../check-deleting.ts'
import { deletedDocument, inbox as inboxDocument, inboxList } from '../documents.ts'
import { HttpProblem } from '../problem.ts'
import type { InboxList } from '../resources.ts'
import { json, route } from '../route.ts'
import { findInbox, inboxOf, pathInbox } from './inbox.ts'

const most = 100
const address = z
  .string()
  .max(320)
  .regex(/^[^\s<>@\p{Cc}][^\s<>\p{Cc}]*@[^\s<>@\p{Cc}]+$/u, 'expected an address')
const domain = z
  .string()
  .max(255)
  .regex(/^[^\s<>@\p{Cc}]+$/u, 'expected a domain such as shop.example')
const tag = z
  .string()
  .max(100)
  .regex(/^[^\s<>@\p{Cc}]+$/u, 'expected what stands behind the + of an address')

const wish = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}]*$/u, 'expected text without control characters')
      .optional()
      .meta({ description: 'For people; its address begins with it' }),
    ttl: z
      .int()
      .min(1)
      .max(86_400)
      .default(3_600)
      .meta({ description: 'After so many seconds it is gone, with its mail' }),
    route: z
      .strictObject({
        addresses: z.array(address).max(most).default([]),
        domains: z.array(domain).max(most).default([]),
        tags: z.array(tag).max(most).default([]),
      })
      .default({ addresses: [], domains: [], tags: [] })
      .meta({
        description: 'Which mail is its own besides: for these recipients, domains, or +tags',
      }),
    smtp: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether it gets an SMTP port that is its alone' }),
  })
  .meta({ id: 'NewInbox' })

/** `POST /v1/inboxes` */
export const makeInbox = route({
  method: 'post',
  path: '/v1/inboxes',
  summary: 'Make an inbox of its own for a test or an app',
  group: 'Inboxes',
  example: `curl -s '/v1/inboxes' -H 'content-type: application/json' -d '{
  "name": "Sign-up test",
  "ttl": 600,
  "route": { "tags": ["signup"] }
}'`,
  description:
    'A message is in it if it is sent to its address or to what `route` says, with its SMTP login, to its SMTP port, or with its id in the header field X-Mailcatch-Inbox; it is in the web inbox as well. A message may be in several inboxes.',
  body: wish.optional(),
  answers: { 201: { description: 'It is there', schema: inboxDocument } },
  async handle({ body, incoming, http }) {
    const { name = '', ttl, route, smtp } = body ?? wish.parse({})
    try {
      const inbox = await http.inboxes.make({
        name,
        timeToLive: ttl * 1_000,
        ...route,
        hasListener: smtp,
      })
      const location = `${http.basePath}v1/inboxes/${inbox.id}`
      return json(inboxOf(inbox, hostOf(incoming), http), { status: 201, headers: { location } })
    } catch (error) {
      if (error instanceof MailboxError) throw new HttpProblem(409, sentence(error.message))
      throw error
    }
  },
})

/** `GET /v1/inboxes` */
export const listInboxes = route({
  method: 'get',
  path: '/v1/inboxes',
  summary: 'List the inboxes',
  group: 'Inboxes',
  example: `curl -s '/v1/inboxes'`,
  answers: { 200: { description: 'Those that there are, the oldest first', schema: inboxList } },
  handle({ incoming, http }) {
    const host = hostOf(incoming)
    const list: InboxList = {
      inboxes: http.store.inboxes.all().map(each => inboxOf(each, host, http)),
    }
    return json(list)
  },
})

/** `GET /v1/inboxes/{id}` */
export const getInbox = route({
  method: 'get',
  path: '/v1/inboxes/{id}',
  summary: 'Get an inbox',
  group: 'Inboxes',
  example: `curl -s '/v1/inboxes/{inbox}'`,
  parameters: { id: pathInbox },
  answers: { 200: { description: 'The inbox', schema: inboxDocument } },
  handle: ({ path, incoming, http }) =>
    json(inboxOf(findInbox(path.id, http), hostOf(incoming), http)),
})

/** `DELETE /v1/inboxes/{id}` */
export const deleteInbox = route({
  method: 'delete',
  path: '/v1/inboxes/{id}',
  summary: 'Delete an inbox, with the mail that is in no other',
  group: 'Inboxes',
  example: `curl -s -X DELETE '/v1/inboxes/{inbox}'`,
  parameters: { id: pathInbox },
  answers: { 200: { description: 'How many messages went with it', schema: deletedDocument } },
  async handle({ path, http }) {
    checkDeleting(http)
    findInbox(path.id, http)
    return json({ deleted: await http.inboxes.end(path.id) })
  },
})

/** What the client calls this machine: mail clients beside it will find it by that name too. */
const hostOf = ({ headers }: IncomingMessage): string =>
  new URL(`http://${headers.host}`).hostname.replace(/^\[(.*)\]$/, '$1')

const sentence = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}.`
