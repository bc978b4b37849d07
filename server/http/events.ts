import type { IncomingMessage } from 'node:http'
import * as z from 'zod'
import { eventStream } from './live.ts'
import { HttpProblem } from './problem.ts'
import { readQuery, type Values } from './query.ts'
import { route } from './route.ts'

export const eventsPath = '/v1/events'

const after = z
  .string()
  .max(100)
  .regex(/^[\w-]+$/, 'expected the feed of an earlier answer')

export const eventsQuery = {
  after: after.optional().meta({
    description: 'The `feed` of an earlier answer: what was missed since then comes first',
  }),
}

/** `GET /v1/events` as Server-Sent Events. The WebSocket on the same path comes in by `upgrade`. */
export const getEvents = route({
  method: 'get',
  path: eventsPath,
  summary: 'Follow what happens, as a WebSocket or as Server-Sent Events',
  group: 'Changes',
  example: `curl -sN -H 'accept: text/event-stream' '/v1/events'`,
  description:
    'Each message is a frame: `{ feed, changes, total, unread }`, or `range` or `resync` in the place of `changes` where there was too much to tell.',
  query: eventsQuery,
  answers: { 200: { description: 'The stream', types: ['text/event-stream'] } },
  handle({ query, incoming, isHead, http: { live } }) {
    if (!(incoming.headers.accept ?? '').includes('text/event-stream')) {
      throw new HttpProblem(426, 'Ask for text/event-stream, or upgrade to a WebSocket.', {
        headers: { upgrade: 'websocket' },
      })
    }
    if (isHead) return new Response(null, { headers: { 'content-type': 'text/event-stream' } })
    return eventStream(live, lastEventId(incoming) ?? query.after, incoming.socket)
  },
})

/** What an upgrade to a WebSocket asks for: exactly our path, and nothing unknown. */
export function readUpgrade(target: string, basePath: string): Values<typeof eventsQuery> {
  const at = target.indexOf('?')
  const path = at < 0 ? target : target.slice(0, at)
  if (path !== `${basePath}${eventsPath.slice(1)}`) {
    throw new HttpProblem(404, 'There is no such WebSocket.')
  }
  return readQuery(eventsQuery, at < 0 ? '' : target.slice(at + 1))
}

/** Where a browser goes on after a lost connection; newer than the URL that it was opened with. */
function lastEventId(request: IncomingMessage): string | undefined {
  const id = request.headers['last-event-id']
  return typeof id === 'string' && after.safeParse(id).success ? id : undefined
}
