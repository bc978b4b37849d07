import type {
  MessageChecks,
  MessageDetail,
  MessageList,
  MessageParts,
  NestedMessage,
  Problem,
  Stats,
} from '../server/http/resources.ts'
import { basePath } from './base-path.ts'

/** What the API answered instead of what was asked for, or that it did not answer (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, problem: Problem | null, options?: ErrorOptions) {
    super(problem?.detail ?? (status ? `The server answered ${status}` : 'No answer'), options)
    this.status = status
    this.problem = problem
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'detail' in value && 'status' in value

const request = async (path: string, init?: RequestInit): Promise<Response> => {
  let response: Response
  try {
    response = await fetch(`${basePath}v1/${path}`, init)
  } catch (cause) {
    if (init?.signal?.aborted) throw cause
    throw new ApiError(0, null, { cause })
  }
  if (response.ok) return response
  // Something in between may have answered with a page of its own.
  const body: unknown = await response.json().catch(() => null)
  throw new ApiError(response.status, isProblem(body) ? body : null)
}

const json = (body: unknown, method: string): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export type ListParameters = {
  readonly q?: string
  readonly limit: number
  readonly offset?: number
  readonly upto?: number
  readonly before?: number
  readonly since?: number
}

const query = (parameters: Readonly<Record<string, string | number | boolean>>): string =>
  new URLSearchParams(
    Object.entries(parameters)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, String(value)]),
  ).toString()

export const listMessages = async (
  parameters: ListParameters,
  signal?: AbortSignal,
): Promise<MessageList> =>
  (await request(`messages?${query(parameters)}`, signal ? { signal } : {})).json()

export const getMessage = async (id: number, signal: AbortSignal): Promise<MessageDetail> =>
  (await request(`messages/${id}`, { signal })).json()

/** A text, and whether it is all of it. */
export type ReadText = { readonly text: string; readonly isWhole: boolean }

/** Reads an answer as text: at most `limit` octets of it, or until `isEnough`. */
const readText = async (
  response: Response,
  {
    limit,
    charset = 'utf-8',
    isEnough,
  }: { limit: number; charset?: string; isEnough?: (text: string) => boolean },
): Promise<ReadText> => {
  const decoder = new TextDecoder(charset)
  const reader = response.body?.getReader()
  let text = ''
  let octets = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value.subarray(0, limit - octets), { stream: true })
    octets += value.length
    if (octets > limit || isEnough?.(text)) {
      await reader.cancel()
      return { text, isWhole: false }
    }
  }
  return { text: text + decoder.decode(), isWhole: true }
}

/** Reads the raw message as text, at most `limit` octets of it. */
export const getRaw = async (
  id: number,
  limit: number,
  signal: AbortSignal,
  isEnough?: (text: string) => boolean,
): Promise<ReadText> =>
  readText(await request(`messages/${id}/raw`, { signal }), {
    limit,
    ...(isEnough && { isEnough }),
  })

export const getParts = async (id: number, signal: AbortSignal): Promise<MessageParts> =>
  (await request(`messages/${id}/parts`, { signal })).json()

/** Reads the start of a part as text in its charset, or in UTF-8 where the browser does not know that. */
export const getPartText = async (
  id: number,
  part: string,
  { limit, charset }: { limit: number; charset: string | null },
  signal: AbortSignal,
): Promise<ReadText> =>
  readText(await request(`messages/${id}/parts/${part}`, { signal }), {
    limit,
    charset: knownCharset(charset ?? 'utf-8'),
  })

const knownCharset = (label: string): string => {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return 'utf-8'
  }
}

/** The message in a message/rfc822 part. */
export const getNested = async (
  id: number,
  part: string,
  signal: AbortSignal,
): Promise<NestedMessage> =>
  (await request(`messages/${id}/parts/${part}?as=message`, { signal })).json()

/** What is wrong with a message, found when this asks. */
export const getChecks = async (id: number, signal: AbortSignal): Promise<MessageChecks> =>
  (await request(`messages/${id}/checks`, { signal })).json()

export const getStats = async (): Promise<Stats> => (await request('stats')).json()

export const markMessages = async (ids: readonly number[], unread: boolean): Promise<void> => {
  await request(`messages?ids=${ids.join(',')}`, json({ unread }, 'PATCH'))
}

/** What to delete: messages by id, or what a search finds (`''`: everything) up to an id. */
export type Deletion =
  | { readonly ids: readonly number[] }
  | { readonly q: string; readonly upto: number }

export const deleteMessages = async (deletion: Deletion, keepalive = false): Promise<void> => {
  const what =
    'ids' in deletion
      ? `ids=${deletion.ids.join(',')}`
      : query(
          deletion.q ? { q: deletion.q, upto: deletion.upto } : { all: true, upto: deletion.upto },
        )
  await request(`messages?${what}`, { method: 'DELETE', keepalive })
}

export const sendMessage = async (message: {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}): Promise<{ id: number }> => (await request('messages', json(message, 'POST'))).json()

/** The mail's own document, or that of the message in one of its parts. */
export const htmlUrl = (
  id: number,
  view: {
    readonly isRemoteShown: boolean
    readonly part?: string
    readonly isForcedDark?: boolean
  },
): string =>
  `${basePath}m/${id}/html?${query({
    remote: view.isRemoteShown ? 1 : 0,
    part: view.part ?? '',
    scheme: view.isForcedDark ? 'forced-dark' : '',
  })}`

/** The same without any wish, to hand on to others. */
export const plainHtmlUrl = (id: number): string => `${basePath}m/${id}/html`

export const partUrl = (id: number, part: string): string =>
  `${basePath}v1/messages/${id}/parts/${encodeURIComponent(part)}`

export const rawUrl = (id: number): string => `${basePath}v1/messages/${id}/raw`

export const eventsUrl = (after: string): string => {
  const url = new URL(`${basePath}v1/events`, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (after) url.searchParams.set('after', after)
  return url.href
}
