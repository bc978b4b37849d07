import * as z from 'zod'
import { code, link, messageDetail, messageSummary, problem } from '../documents.ts'

/** The answers of the calls that wait as schemas, for the documentation; a test holds them and resources.ts together. */

const cursor = z.int().min(0).meta({ description: 'The newest id when it was answered' })
const id = z.int().min(1)

export const waitAnswer = z
  .strictObject({
    messages: z.array(messageDetail).meta({ description: 'In the order of their ids' }),
    message: messageDetail.meta({ description: 'The first of them' }),
    cursor,
  })
  .meta({ id: 'WaitAnswer' })

export const codeAnswer = z
  .strictObject({
    code: z.string(),
    candidates: z.array(code).meta({ description: 'Whatever may be a code, the likeliest first' }),
    id: id.meta({ description: 'Of the message' }),
    cursor,
  })
  .meta({ id: 'CodeAnswer' })

export const linkAnswer = z
  .strictObject({ href: z.string(), link, id: id.meta({ description: 'Of the message' }), cursor })
  .meta({ id: 'LinkAnswer' })

export const noneAnswer = z
  .strictObject({
    cursor: cursor.meta({ description: 'Up to this id nothing matches' }),
    waitedFor: z.int().min(0).meta({ description: 'How many SMTP transactions it waited for' }),
  })
  .meta({ id: 'NoneAnswer' })

const failed = z
  .strictObject({
    condition: z.string().meta({
      description: 'A key of the matcher (`header.NAME`, `any`, `not`), `code` or `link`',
    }),
    wanted: z.string(),
    nearest: z.string().nullable().meta({ description: 'The nearest that the message has' }),
  })
  .meta({ id: 'FailedCondition' })

const arrivedMail = messageSummary
  .pick({ id: true, receivedAt: true, from: true, to: true, rcptTo: true, subject: true })
  .extend({ failed: failed.meta({ description: 'The first condition that fails' }) })
  .meta({ id: 'ArrivedMail' })

const diagnosis = {
  asked: z.record(z.string(), z.unknown()).meta({ description: 'The matcher, without `since`' }),
  since: z.int().nullable().meta({ description: 'Null where stored mail counted' }),
  cursor: z.int().meta({ description: 'The newest id that was regarded' }),
  matched: z.array(z.int()).meta({ description: 'Ids of those that matched; more were wanted' }),
  came: z.int().meta({ description: 'How many messages are there after `since`' }),
  arrived: z.array(arrivedMail).meta({
    description: 'Those of them that come nearest, at most 20, in the order of their ids',
  }),
  incomplete: z.boolean().meta({
    description: 'There was no time to look at all that is stored: more of it may match',
  }),
  dropped: z.int().meta({ description: 'How many of them retention dropped meanwhile' }),
  deleted: z.int().meta({ description: 'How many of them somebody deleted meanwhile' }),
}

export const timeoutProblem = problem.extend(diagnosis).meta({ id: 'TimeoutProblem' })

export const ambiguousProblem = problem
  .extend({
    id: id.meta({ description: 'Of the message' }),
    candidates: z.union([z.array(code), z.array(link)]).meta({ description: 'Codes or links' }),
  })
  .meta({ id: 'AmbiguousProblem' })

export const unexpectedProblem = problem
  .extend({
    message: messageSummary.meta({ description: 'The one that should not be' }),
    messages: z.array(messageSummary).meta({ description: 'All that match, as far as is known' }),
  })
  .meta({ id: 'UnexpectedProblem' })

const openTransaction = z
  .strictObject({
    listener: z.string(),
    peer: z.strictObject({ address: z.string(), port: z.int() }),
    authUser: z.string().nullable(),
    mailFrom: z.string(),
    rcptTo: z.array(z.string()).meta({ description: 'The recipients so far' }),
    startedAt: z.iso.datetime(),
  })
  .meta({ id: 'OpenTransaction' })

export const openProblem = problem
  .extend({ open: z.array(openTransaction).meta({ description: 'What is being sent' }) })
  .meta({ id: 'OpenProblem' })

const expectation = z
  .strictObject({
    ok: z.boolean(),
    messages: z.array(messageSummary).meta({ description: 'Those that matched, by id' }),
    code: z.string().optional(),
    link: link.optional(),
    problem: z
      .union([
        timeoutProblem,
        unexpectedProblem,
        openProblem,
        ambiguousProblem,
        problem.extend({ failed: failed.optional() }),
      ])
      .optional()
      .meta({ description: 'What is wrong, as the call for this alone would say' }),
  })
  .meta({ id: 'Expectation' })

export const expectAnswer = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether all hold' }),
    results: z.array(expectation).meta({ description: 'In the places of their assertions' }),
    cursor,
  })
  .meta({ id: 'ExpectAnswer' })

/** The errors of calls that wait, for their descriptions. */
export const timedOut = {
  description: 'The time is over: what was asked, what came instead, and what is wrong with it',
  schema: timeoutProblem,
  isProblem: true,
} as const
export const unexpected = {
  description: 'There is a message that should not be',
  schema: unexpectedProblem,
  isProblem: true,
} as const
export const stillOpen = {
  description: 'It cannot be told in this time: mail that could match is still being sent',
  schema: openProblem,
  isProblem: true,
} as const
export const ambiguous = {
  description: 'The message has several: only you know which is meant',
  schema: ambiguousProblem,
  isProblem: true,
} as const
