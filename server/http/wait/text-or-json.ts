import type { IncomingMessage } from 'node:http'
import { json } from '../route.ts'

/** Just the text, for a shell; the whole answer for who asks for JSON. */
export function textOrJson(text: string, answer: unknown, incoming: IncomingMessage): Response {
  if ((incoming.headers.accept ?? '').startsWith('application/json')) return json(answer)
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
