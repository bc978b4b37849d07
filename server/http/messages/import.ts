import * as z from 'zod'
import { HeaderCollector, readHeader } from '../../mime/header.ts'
import { summarise } from '../../mime/summary.ts'
import { impliedEnvelope } from '../../store/arrival.ts'
import type { Envelope } from '../../store/message.ts'
import { checkLength, hasBody, readBody, readJson } from '../body.ts'
import type { HttpContext } from '../context.ts'
import { createdDocument, importedDocument } from '../documents.ts'
import { mediaType } from '../gate.ts'
import { HttpProblem } from '../problem.ts'
import { json, route } from '../route.ts'
import { queryCount, querySwitch } from '../values.ts'
import { compose, composeBody } from './compose.ts'
import { importMbox } from './mbox.ts'
import { envelopeAddress, mostRecipientOctets, recipients, takeRecipients } from './recipients.ts'

const importExample = `curl -s '/v1/messages' -H 'content-type: application/json' -d '{
  "from": "App <app@example.com>",
  "to": "ann@example.com",
  "subject": "Welcome",
  "text": "Hello Ann, your code is 483920. Confirm: https://app.example.com/confirm?t=1",
  "html": "<p>Your code is <b>483920</b></p><a href=\\"https://app.example.com/confirm?t=1\\">Confirm</a>",
  "attachments": [{ "filename": "a.txt", "content": "Hi" }]
}'`

/** `POST /v1/messages`: takes a message as it is, or makes one. */
export const importMessage = route({
  method: 'post',
  path: '/v1/messages',
  summary: 'Put a message into the inbox; nothing is sent',
  group: 'Messages',
  example: importExample,
  description:
    'message/rfc822 is kept octet for octet. JSON (see the schema NewMessage) is made into a message first. An application/mbox holds several messages, and is as large as the store may become: those that are complete are kept, whatever becomes of the others, and the answer counts them.',
  query: {
    mailFrom: z
      .union([z.literal('<>'), envelopeAddress])
      .optional()
      .meta({ description: "The envelope's sender, `<>` for none; else the From field" }),
    rcpt: recipients.optional().meta({
      description:
        "The envelope's recipients; else those of the To, Cc and Bcc fields, at most 1 000",
    }),
    rcptOctets: queryCount(1, mostRecipientOctets).optional().meta({
      description:
        'So many octets at the start of the body are the recipients, one a line, where they are too many for `rcpt`; the message/rfc822 comes behind them',
    }),
    empty: querySwitch
      .default(false)
      .meta({ description: 'An empty body is meant: a message of no octets' }),
  },
  bodyTypes: ['message/rfc822', 'application/json', 'application/mbox'],
  answers: {
    201: {
      description: 'It is there, or of an mbox all that was taken',
      schema: z.union([createdDocument, importedDocument]),
    },
  },
  async handle({ query, incoming, http }) {
    const type = mediaType(incoming)
    const isMbox = type === 'application/mbox'
    const { rcptOctets = 0 } = query
    if (rcptOctets > 0 && (query.rcpt !== undefined || type !== 'message/rfc822')) {
      const other = query.rcpt === undefined ? type : 'rcpt'
      throw new HttpProblem(400, `rcptOctets does not go together with ${other}.`, {
        parameter: 'rcptOctets',
      })
    }
    const { maxMessageSize, maxBytes } = http.limits
    const limit = isMbox ? Math.max(maxBytes, maxMessageSize) : maxMessageSize + rcptOctets
    await checkLength(incoming, limit)
    if (!hasBody(incoming) && !query.empty) throw new HttpProblem(400, 'The body is empty.')
    const given = {
      ...(query.mailFrom === undefined
        ? {}
        : { mailFrom: query.mailFrom === '<>' ? '' : query.mailFrom }),
      ...(query.rcpt === undefined ? {} : { rcptTo: query.rcpt }),
    }
    const peer = {
      address: incoming.socket.remoteAddress ?? '',
      port: incoming.socket.remotePort ?? 0,
    }
    const keep = (message: AsyncIterable<Uint8Array>, envelope: Envelope) =>
      store(message, { ...envelope, ...given }, peer, http)
    if (isMbox) {
      const keepMessage = async (octets: AsyncGenerator<Uint8Array>) => {
        const { message, envelope } = await readEnvelope(octets, true)
        return keep(message, envelope)
      }
      return json(await importMbox(readBody(incoming, limit), keepMessage), { status: 201 })
    }
    const { message, envelope } =
      type === 'application/json'
        ? await compose(await readJson(incoming, composeBody, limit))
        : await readMessage(readBody(incoming, limit), { rcptOctets, mayBeEmpty: query.empty })
    const id = await keep(message, envelope)
    return json({ id }, { status: 201, headers: { location: `${http.basePath}v1/messages/${id}` } })
  },
})

/** A message, with the recipients in front of it where there are some. */
async function readMessage(
  chunks: AsyncGenerator<Uint8Array>,
  { rcptOctets, mayBeEmpty }: { readonly rcptOctets: number; readonly mayBeEmpty: boolean },
): ReturnType<typeof readEnvelope> {
  if (rcptOctets === 0) return readEnvelope(chunks, mayBeEmpty)
  const { rcptTo, rest } = await takeRecipients(chunks, rcptOctets)
  const { message, envelope } = await readEnvelope(rest, mayBeEmpty)
  return { message, envelope: { ...envelope, rcptTo } }
}

/** Reads as much as it takes to know whom the header names; `message` yields that again, and the rest. */
async function readEnvelope(
  chunks: AsyncGenerator<Uint8Array>,
  mayBeEmpty: boolean,
): Promise<{ message: AsyncIterable<Uint8Array>; envelope: Envelope }> {
  const collector = new HeaderCollector()
  const read: Uint8Array[] = []
  while (!collector.isDone) {
    const { done, value } = await chunks.next()
    if (done) break
    read.push(value)
    collector.take(value)
  }
  if (read.length === 0 && !mayBeEmpty) throw new HttpProblem(400, 'The body is empty.')
  const envelope = impliedEnvelope(summarise(readHeader(collector.bytes)))
  async function* message() {
    yield* read
    yield* chunks
  }
  return { message: message(), envelope }
}

async function store(
  message: AsyncIterable<Uint8Array>,
  envelope: Envelope,
  peer: { address: string; port: number },
  http: HttpContext,
): Promise<number> {
  const arrival = http.store.receive({
    envelope,
    listener: 'http',
    peer,
    ...(http.auth === null ? {} : { authUser: http.auth.user }),
  })
  try {
    for await (const chunk of message) await arrival.write(chunk)
  } catch (error) {
    await arrival.abort()
    throw error
  }
  return (await arrival.commit()).number
}
