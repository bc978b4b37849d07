import { codeOf, linkOf, type WantedLink } from '../extraction.ts'
import { type Match, toMatcher } from '../match.ts'
import { startOf } from '../words.ts'
import type { Answer, Asked, InboxRecord, MailRecord, Tasks } from './record.ts'

/** Times in milliseconds. */
export type CypressOptions = {
  /** 10 000 unless given; Cypress retries so long. */
  readonly timeout?: number
  /** Whether it is seen in the command log. */
  readonly log?: boolean
}

/** How a query is set up while it is called: `this` of Cypress' queries. */
type Query = { set(key: 'timeout', milliseconds: number): void }

/** What of Cypress is used. */
export type CypressGlobals = {
  readonly Cypress: {
    readonly Commands: {
      add(name: string, command: (...args: never[]) => unknown): void
      addQuery(name: string, query: (this: Query, ...args: never[]) => () => unknown): void
    }
    readonly currentTest: { readonly titlePath: readonly string[] }
    on(event: 'test:before:run', listener: () => void): void
    log(options: { readonly name: string; readonly message: string }): unknown
  }
  readonly cy: {
    task(
      name: string,
      asked: unknown,
      options: object,
    ): { then(next: (answer: never) => unknown): unknown }
    now(name: string, ...args: unknown[]): unknown
  }
}

const TIMEOUT = 10_000
/** The server gives up a little before Cypress does, so that its diagnosis is what one reads. */
const HEAD_START = 500

/** Defines the commands. */
export function defineCommands({ Cypress, cy }: CypressGlobals): void {
  /** Of the test that runs; without one, all mail is looked at. */
  let inbox: InboxRecord | null = null
  Cypress.on('test:before:run', () => {
    inbox = null
  })
  const ask = <Name extends keyof Tasks>(
    name: Name,
    asked: Parameters<Tasks[Name]>[0],
    timeout: number,
  ) => cy.now('task', name, asked, { log: false, timeout }) as ReturnType<Tasks[Name]>
  const matcherOf = (match: Match | undefined) => ({
    ...toMatcher(match),
    ...(inbox && { inbox: inbox.id }),
  })
  /** What a query answers as soon as there is a mail of which `read` can be said; with every retry the newest one. */
  const query =
    <Args extends unknown[], T>(name: string, read: (mail: MailRecord, ...args: Args) => T) =>
    (asked: Query, match: Match | undefined, options: CypressOptions, ...args: Args) => {
      const { timeout = TIMEOUT, log = true } = options
      asked.set('timeout', timeout)
      if (log) Cypress.log({ name, message: describe(match) })
      const newest = follow(since =>
        ask('mailcatch:wait', askedOf(matcherOf(match), timeout, since), timeout + HEAD_START),
      )
      return () => read(newest(), ...args)
    }
  const mail = query('mail', found => found)
  const mailCode = query('mailCode', codeOf)
  const mailLink = query('mailLink', (found, wanted: WantedLink | undefined) =>
    linkOf(found, wanted),
  )

  Cypress.Commands.add('mailInbox', (name?: string) =>
    cy
      .task(
        'mailcatch:inbox',
        { name: name ?? startOf(Cypress.currentTest.titlePath.join(' › '), 100) },
        {},
      )
      .then((answer: Answer<InboxRecord>) => {
        inbox = settled(answer)
        return inbox
      }),
  )
  Cypress.Commands.addQuery('mail', function (match?: Match, options: CypressOptions = {}) {
    return mail(this, match, options)
  })
  Cypress.Commands.addQuery('mailCode', function (match?: Match, options: CypressOptions = {}) {
    return mailCode(this, match, options)
  })
  Cypress.Commands.addQuery(
    'mailLink',
    function (match?: Match, wanted?: WantedLink, options: CypressOptions = {}) {
      return mailLink(this, match, options, wanted)
    },
  )
  Cypress.Commands.add(
    'mailNone',
    (match?: Match, { timeout = TIMEOUT, settle = 0 }: CypressOptions & { settle?: number } = {}) =>
      cy
        .task(
          'mailcatch:none',
          { ...askedOf(matcherOf(match), timeout), settle },
          { timeout: timeout + HEAD_START },
        )
        .then((answer: Answer<null>) => settled(answer)),
  )
}

const askedOf = (matcher: Asked['matcher'], timeout: number, since?: number): Asked => ({
  matcher,
  timeout: Math.max(0, timeout - HEAD_START),
  ...(since !== undefined && { since }),
})

/**
 * The newest mail, asked for in the background, for a query that is tried again and again: throws while there is none, and
 * once there is one asks for what comes after it, so that an assertion that does not hold yet is tried on that too.
 */
function follow(ask: (since: number | undefined) => Promise<Answer<MailRecord>>): () => MailRecord {
  let newest: MailRecord | undefined
  let trouble = 'No answer from Mailcatch yet: are its tasks in setupNodeEvents (mailcatchTasks)?'
  let isAsking = false
  let isOver = false
  const next = async () => {
    isAsking = true
    try {
      const answer = await ask(newest?.id)
      if ('value' in answer) newest = answer.value
      else trouble = answer.error
      isOver = 'error' in answer
    } catch (error) {
      trouble = (error as Error).message
      isOver = true
    }
    isAsking = false
  }
  return () => {
    if (!isAsking && !isOver) void next()
    if (newest) return newest
    throw new Error(trouble)
  }
}

function settled<T>(answer: Answer<T>): T {
  if ('error' in answer) throw new Error(answer.error)
  return answer.value
}

const describe = (match: Match | undefined): string =>
  match === undefined ? 'any' : JSON.stringify(toMatcher(match))
