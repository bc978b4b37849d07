import type {
  FacetKind,
  Facets,
  MessageChecks,
  MessageDetail,
  MessageList,
  MessageParts,
  NestedMessage,
  Problem,
  Stats,
} from '../server/http/resources.ts'

import { basePath } from './base-path.ts'
import { type Chosen, chosenQuery, inParts } from './chosen.ts'
import { common } from './strings/common.ts'

/** What the API answered instead of what was asked for, or that it did not answer (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, problem: Problem | null, options?: ErrorOptions) {
    super(problem?.detail ?? (status ? common.answered(status) : common.noAnswer), options)
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

export const getFacets = async (
  parameters: { readonly limit: number; readonly kind?: FacetKind; readonly filter?: string },
  signal?: AbortSignal,
): Promise<Facets> =>
  (await request(`facets?${query(parameters)}`, signal ? { signal } : {})).json()

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

/** What is to be changed about messages. */
export type Changes = {
  readonly unread?: boolean
  readonly flagged?: boolean
  readonly addTags?: readonly string[]
  readonly removeTags?: readonly string[]
}

export const changeMessages = async (chosen: Chosen, changes: Changes): Promise<void> => {
  for (const part of inParts(chosen)) {
    await request(`messages?${chosenQuery(part)}`, json(changes, 'PATCH'))
  }
}

/** Deletes one of the `inParts` of what is to go; answers how many messages there were. */
export const deleteMessages = async (part: Chosen, keepalive = false): Promise<number> => {
  const init = { method: 'DELETE', keepalive }
  const answer = await request(`messages?${chosenQuery(part)}`, init)
  return ((await answer.json()) as { readonly deleted: number }).deleted
}

/** A message to be made and put into the inbox: the schema NewMessage of the API, as far as the page fills it in. */
export type NewMessage = {
  readonly from: string
  readonly to?: readonly string[]
  readonly cc?: readonly string[]
  readonly subject: string
  readonly text?: string
  readonly html?: string
  readonly attachments?: readonly {
    readonly filename: string
    readonly contentType?: string
    /** In base64. */
    readonly content: string
    readonly encoding: 'base64'
    readonly cid?: string
  }[]
}

export const sendMessage = async (message: NewMessage): Promise<{ readonly id: number }> =>
  (await request('messages', json(message, 'POST'))).json()

/** Messages as an archive; null where they are too scattered for one address. */
export const zipUrl = (chosen: Chosen): string | null => {
  const [part, ...others] = inParts(chosen)
  return part && others.length === 0 ? `${basePath}v1/messages.zip?${chosenQuery(part)}` : null
}

/** All attachments of a message as an archive. */
export const attachmentsZipUrl = (id: number): string =>
  `${basePath}v1/messages/${id}/attachments.zip`

export const importUrl = (): string => `${basePath}v1/messages`

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
