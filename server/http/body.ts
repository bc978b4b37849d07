import type { IncomingMessage } from 'node:http'
import type * as z from 'zod'
import { excerpt } from '../mime/excerpt.ts'
import { mediaType } from './gate.ts'
import { HttpProblem } from './problem.ts'

/** Octets of a JSON body, unless a call says otherwise. */
export const jsonLimit = 5_000_000
/** How deep a JSON body may nest. */
export const jsonDepth = 32
/** How many commas it may have: what reads it takes a time that grows with their number. */
export const jsonCommas = 20_000

/** Milliseconds that the rest of a refused body is waited for. */
const patience = 1_000

/** Whether the request has a body; an empty one is none. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || !/^0*$/.test(length ?? '')
}

/** Refuses at once what says itself that it is over the limit. */
export async function checkLength(request: IncomingMessage, limit: number): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw await tooBig(request, limit)
}

/** The body in pieces. Throws a 413 once it is over the limit; ends with a 400 where the client went away. */
export async function* readBody(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  await checkLength(request, limit)
  let size = 0
  // Leaving the loop early must not destroy the socket: the answer has still to go out.
  const chunks = request.iterator({ destroyOnReturn: false })
  for (;;) {
    const { done, value } = await chunks.next().catch(() => {
      throw new HttpProblem(400, 'The body ended early.')
    })
    if (done) return
    size += (value as Buffer).length
    if (size > limit) {
      await chunks.return?.()
      throw await tooBig(request, limit)
    }
    yield value as Buffer
  }
}

/** Reads a JSON body against its schema. Throws the 400 that names the member. */
export async function readJson<T extends z.ZodType>(
  request: IncomingMessage,
  schema: T,
  limit = jsonLimit,
): Promise<z.output<T>> {
  if (!hasBody(request)) return check(schema, undefined)
  if (mediaType(request) !== 'application/json') {
    throw new HttpProblem(415, 'The body of this call must be application/json.')
  }
  const chunks: Buffer[] = []
  for await (const chunk of readBody(request, limit)) chunks.push(chunk)
  const text = decodeUtf8(Buffer.concat(chunks))
  checkShape(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // It quotes one unit of UTF-16 where it stumbles, which may be half of a pair.
    const reason = (error as Error).message.replace(/\p{Surrogate}/gu, '\ufffd')
    throw new HttpProblem(400, `The body is not JSON: ${reason}`)
  }
  if (/__proto__|\\u00/i.test(text)) JSON.parse(text, refuseProto)
  return check(schema, value)
}

/** zod passes over members of this name where any are allowed: a matcher would let through more than it says. */
function refuseProto(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value
  throw new HttpProblem(400, 'No member of the body may be named __proto__.', { parameter: key })
}

function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue?.path.map(String) ?? []
  if (issue?.code === 'unrecognized_keys') path.push(issue.keys[0] ?? '')
  const parameter = excerpt(path.join('.'), 200)
  // It quotes members that there are not, however long their names are.
  const message = excerpt(issue?.message ?? '', 500)
  if (parameter === '') throw new HttpProblem(400, `The body: ${message}`)
  throw new HttpProblem(400, `${parameter}: ${message}`, { parameter })
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HttpProblem(400, 'The body is not UTF-8.')
  }
}

/** Counts brackets and commas outside strings before anything that walks the value sees it. */
function checkShape(text: string): void {
  let depth = 0
  let commas = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      at = endOfString(text, at)
    } else if (char === '{' || char === '[') {
      depth++
      if (depth > jsonDepth) {
        throw new HttpProblem(400, `The body nests deeper than ${jsonDepth}.`)
      }
    } else if (char === '}' || char === ']') depth--
    else if (char === ',' && ++commas > jsonCommas) {
      throw new HttpProblem(400, `The body has more than ${jsonCommas} values.`)
    }
  }
}

/** Where the quote is that closes the one at `start`; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text[at - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return at
  }
  return text.length
}

/**
 * The refusal of a body that is too large. A client that is still sending would lose the answer with the connection,
 * so what it sends is read for a while, and thrown away.
 */
async function tooBig(request: IncomingMessage, limit: number): Promise<HttpProblem> {
  let size = 0
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, patience)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > 4 * limit) stop()
    })
    request.once('end', stop).once('close', stop).once('error', stop)
  })
  return new HttpProblem(413, `The body is larger than ${limit} octets.`)
}
