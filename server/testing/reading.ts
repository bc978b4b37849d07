import type { MessageDetail, MessageList, WaitAnswer } from '../http/resources.ts'
import { type Api, RefusedError } from './api.ts'
import { explained } from './diagnosis.ts'
import { Mail } from './mail.ts'
import { type JsonMatcher, type Match, toMatcher, toQuery } from './match.ts'
import { traced } from './trace.ts'

/** A mail, or an id: only what came after it counts. */
export type Since = { readonly id: number } | number

export type WaitOptions = {
  /** Milliseconds, at most 120 000; 10 000 unless the client was told otherwise. */
  readonly timeout?: number
  readonly since?: Since
}

export type NoneOptions = WaitOptions & {
  /** Milliseconds without a match once everything under way has come, for what the app sends later. 0 unless given. */
  readonly settle?: number
}

export type CountOptions = NoneOptions & {
  /** That many and no more. */
  readonly exact?: boolean
}

/** What can be asked of an inbox, or of everything that was caught. */
export type Reading<M extends Mail = Mail> = {
  /**
   * The newest mail that matches; waits for one where there is none yet. With `since`, the first one after that.
   *
   * @example
   * const mail = await inbox.waitFor({ subject: 'Verify', to: 'ann@example.com' })
   * const mail = await inbox.waitFor(/^Verify/, { timeout: 30_000 })
   * @throws MailTimeoutError whose message says what came instead, and what was wrong with it
   */
  waitFor(match?: Match, options?: WaitOptions): Promise<M>
  /**
   * The next mail that matches after the last one that `next` or `waitFor` gave; waits for it where it has not come yet.
   * So each is given once, in the order in which they came.
   */
  next(match?: Match, options?: Omit<WaitOptions, 'since'>): Promise<M>
  /** The newest mail that matches and is there now; null without one. */
  last(match?: Match): Promise<M | null>
  /** Every mail that matches and is there now, the oldest first. */
  all(match?: Match, options?: Pick<WaitOptions, 'since'>): Promise<readonly M[]>
  /**
   * Waits for as many mails as said, at most 100, and answers the first of them in the order in which they came. With
   * `exact`, more of them are an error, and so is one that was being sent meanwhile.
   *
   * @throws MailTimeoutError, UnexpectedMailError
   */
  waitForAll(count: number, match?: Match, options?: CountOptions): Promise<readonly M[]>
  /**
   * Proves that nothing matches, neither what is there nor what was being sent when this was called: no sleeping.
   *
   * @example
   * await inbox.none({ subject: 'Invoice' })
   * await inbox.none({}, { since: mail, settle: 200 })
   * @throws UnexpectedMailError as soon as something does
   */
  none(match?: Match, options?: NoneOptions): Promise<void>
  /** Deletes the mail. */
  clear(): Promise<void>
}

/** Which mail a reading is of, and how its mails are made. */
export type Scope<M extends Mail> = {
  /** Keys that are added to each match. */
  readonly matcher: JsonMatcher
  /** What `next` begins after. */
  readonly start: number
  /** Milliseconds. */
  readonly timeout: number
  readonly make: (mail: Mail) => M
}

/** A page of the list. */
const PAGE = 100

/** Reads one share of the mail, with a position of its own. */
export function readMail<M extends Mail>(api: Api, scope: Scope<M>): Reading<M> {
  let cursor = scope.start
  const read = (detail: MessageDetail) => scope.make(new Mail(api, detail))
  const matcherOf = (match: Match | undefined) => ({ ...toMatcher(match), ...scope.matcher })

  const wait = async (
    match: Match | undefined,
    { timeout = scope.timeout, since, exact, settle }: CountOptions,
    wanted?: number,
  ): Promise<readonly M[]> => {
    const asked = {
      ...matcherOf(match),
      ...sinceOf(since),
      timeout: `${timeout}ms`,
      ...(wanted !== undefined && { count: wanted }),
      ...(exact && { exact }),
      ...(settle && { settle }),
    }
    try {
      const { messages } = await api.json<WaitAnswer>('POST', 'v1/wait', asked)
      return messages.map(read)
    } catch (error) {
      throw explained(error, { timeout, ...(wanted !== undefined && { wanted }) })
    }
  }

  const one = async (match: Match | undefined, options: WaitOptions): Promise<M> => {
    const [mail] = await wait(match, options)
    if (!mail) throw new Error('an answer without a mail')
    cursor = Math.max(cursor, mail.id)
    return mail
  }

  /** What is there now, the newest first. */
  async function* stored(match: Match | undefined, since?: Since): AsyncGenerator<M> {
    const matcher: JsonMatcher = { ...matcherOf(match), ...sinceOf(since) }
    for (let before: number | undefined; ; ) {
      const query = toQuery({ ...matcher, limit: PAGE, ...(before && { before }) })
      let page: MessageList
      do page = await api.json<MessageList>('GET', `v1/messages?${query}`)
      while (page.partial)
      for (const { id } of page.messages) {
        const mail = await find(id, matcher)
        if (mail) yield mail
      }
      before = page.messages[PAGE - 1]?.id
      if (before === undefined) return
    }
  }

  /** A mail of the list; null where it has gone meanwhile, or is none of those that a list cannot be asked for. */
  const find = async (id: number, matcher: JsonMatcher): Promise<M | null> => {
    try {
      const mail = read(await api.json<MessageDetail>('GET', `v1/messages/${id}`))
      if (matcher.any ?? matcher.not) {
        await api.json('POST', 'v1/wait', { ...matcher, since: id - 1, upto: id, timeout: 0 })
      }
      return mail
    } catch (error) {
      if (error instanceof RefusedError && error.problem.status === 404) return null
      throw error
    }
  }

  return traced<Reading<M>>({
    waitFor: (match, options = {}) => one(match, options),
    next: (match, options = {}) => one(match, { ...options, since: cursor }),
    waitForAll: (wanted, match, options = {}) => wait(match, { since: 0, ...options }, wanted),
    async last(match) {
      for await (const mail of stored(match)) return mail
      return null
    },
    async all(match, { since } = {}) {
      const found: M[] = []
      for await (const mail of stored(match, since)) found.push(mail)
      return found.reverse()
    },
    async none(match, { timeout = scope.timeout, since, settle = 0 } = {}) {
      const asked = { ...matcherOf(match), ...sinceOf(since ?? 0), settle, timeout: `${timeout}ms` }
      try {
        await api.json('POST', 'v1/none', asked)
      } catch (error) {
        throw explained(error, { timeout })
      }
    },
    async clear() {
      const { inbox } = scope.matcher
      const which = inbox === undefined ? 'all=true' : toQuery({ inbox })
      await api.json('DELETE', `v1/messages?${which}`)
    },
  })
}

const sinceOf = (since: Since | undefined): JsonMatcher =>
  since === undefined ? {} : { since: typeof since === 'number' ? since : since.id }
