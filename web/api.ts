import type {
  FacetKind,
  Facets,
  MessageDetail,
  MessageList,
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

/** Reads the raw message as text, at most `limit` octets of it. */
export const getRaw = async (
  id: number,
  limit: number,
  signal: AbortSignal,
): Promise<{ text: string; isWhole: boolean }> => {
  const response = await request(`messages/${id}/raw`, { signal })
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let text = ''
  let octets = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value.subarray(0, limit - octets), { stream: true })
    octets += value.length
    if (octets > limit) {
      await reader.cancel()
      return { text, isWhole: false }
    }
  }
  return { text: text + decoder.decode(), isWhole: true }
}

export const getFacets = async (
  parameters: { readonly limit: number; readonly kind?: FacetKind; readonly filter?: string },
  signal?: AbortSignal,
): Promise<Facets> =>
  (await request(`facets?${query(parameters)}`, signal ? { signal } : {})).json()

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

/** The mail's own document, for the frame. */
export const htmlUrl = (id: number, isRemoteShown: boolean): string =>
  `${basePath}m/${id}/html?remote=${isRemoteShown ? 1 : 0}`

export const partUrl = (id: number, part: string): string =>
  `${basePath}v1/messages/${id}/parts/${encodeURIComponent(part)}`

export const rawUrl = (id: number): string => `${basePath}v1/messages/${id}/raw`

export const eventsUrl = (after: string): string => {
  const url = new URL(`${basePath}v1/events`, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (after) url.searchParams.set('after', after)
  return url.href
}
