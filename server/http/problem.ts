import { STATUS_CODES } from 'node:http'
import type { Log } from '../log.ts'
import { QueryError, UnknownInboxError } from '../store/query-error.ts'
import { StoreError } from '../store/store-error.ts'
import { TooManyTagsError } from '../store/tags.ts'
import type { Problem } from './resources.ts'

/** The media type of an error (RFC 9457 §3). */
export const problemType = 'application/problem+json'

/** What a problem may say beside its status and detail. */
export type ProblemExtras = {
  /** The query parameter, path parameter or member of the body that is wrong. */
  readonly parameter?: string
  /** Where in `q`, counted in characters from 0. */
  readonly position?: number
  /** Members that the document has beyond those of every problem (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>
  /** Header fields of the answer, such as Allow. */
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that is an error: thrown anywhere, written in one place. `detail` is for the person who sent the request. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly extras: ProblemExtras

  constructor(status: number, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.status = status
    this.extras = extras
  }

  /** The document (RFC 9457 §3.1); `about:blank` means that the title is the status code's phrase (§4.2.1). */
  toJSON(): Problem {
    const { parameter, position, members } = this.extras
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(parameter === undefined ? {} : { parameter }),
      ...(position === undefined ? {} : { position }),
      ...members,
    }
  }

  toResponse(): Response {
    return new Response(JSON.stringify(this), {
      status: this.status,
      headers: { ...this.extras.headers, 'content-type': problemType },
    })
  }
}

const storeStatus = { full: 507, 'too-big': 413, closed: 503 } as const

/**
 * What any error is to the one who asked. Only what we throw on purpose is told; anything else is a bug of ours:
 * logged with its stack, answered generically.
 */
export function problemOf(error: unknown, log: Log): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof QueryError) {
    const { message, parameter, position } = error
    return new HttpProblem(400, message, {
      parameter,
      ...(position === undefined ? {} : { position }),
    })
  }
  if (error instanceof TooManyTagsError) return new HttpProblem(400, error.message)
  if (error instanceof UnknownInboxError) {
    return new HttpProblem(404, `There is no inbox ${error.id}.`, { parameter: 'inbox' })
  }
  if (error instanceof StoreError) {
    // Where a file lies is nobody's business but the log's.
    if (error.code !== 'io') return new HttpProblem(storeStatus[error.code], error.message)
  }
  log.error('http', error)
  return new HttpProblem(500, 'Something went wrong here; the log says more.')
}
