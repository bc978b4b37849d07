import type { HttpContext } from '../context.ts'
import { HttpProblem } from '../problem.ts'
import type { FailedCondition, MessageDetail } from '../resources.ts'
import { proveAbsence } from './absence.ts'
import type { Asked } from './asked.ts'
import { diagnose, inWords } from './diagnosis.ts'
import { findMail } from './found-mail.ts'
import type { Patience } from './patience.ts'
import { Waiter } from './waiter.ts'

export type AwaitOptions = {
  /** How many are wanted. */
  readonly count: number
  /** How many there may be; no matter how many unless given. */
  readonly most?: number | undefined
  /** Milliseconds that no more come, with `most`. */
  readonly settle?: number
  /** What a message that matches lacks, though it should have it; null where it lacks nothing. */
  readonly lacks?: (mail: MessageDetail) => FailedCondition | null
}

/**
 * Waits until so many messages match, and answers them in the order of their ids. Rejects with a 404 that explains itself
 * when the time is over; with `most` it answers all, and
 * rejects also as {@link proveAbsence} does.
 */
export async function awaitMail(
  asked: Asked,
  { count, most, settle = 0, lacks = () => null }: AwaitOptions,
  patience: Patience,
  http: HttpContext,
): Promise<readonly MessageDetail[]> {
  const lacking = new Map<number, FailedCondition>()
  const read = async (id: number) => {
    const mail = await findMail(id, http)
    const failed = mail && lacks(mail)
    if (failed) lacking.set(id, failed)
    return failed ? null : mail
  }
  const waiter = begin(asked, most === undefined ? count : most + 1, http, read)
  try {
    const mails = await waiter.until(() => waiter.take(count), patience)
    if (!mails) {
      const matched = waiter.found.map(({ id }) => id)
      const members = await diagnose(asked, waiter, matched, lacking, http)
      throw new HttpProblem(404, inWords(members, count, patience.milliseconds), { members })
    }
    if (most === undefined) return mails
    await proveAbsence(waiter, most, asked, { settle, limits: patience, http })
    return waiter.found
  } finally {
    waiter.close()
  }
}

/** Waits for what is under way; resolves with how many transactions these were, or rejects as {@link proveAbsence} does. */
export async function awaitNone(
  asked: Asked,
  settle: number,
  patience: Patience,
  http: HttpContext,
): Promise<number> {
  const waiter = begin(asked, 1, http, id => findMail(id, http))
  try {
    return await proveAbsence(waiter, 0, asked, { settle, limits: patience, http })
  } finally {
    waiter.close()
  }
}

const begin = (
  { matcher, condition }: Asked,
  most: number,
  { store, waiters }: HttpContext,
  read: (id: number) => Promise<MessageDetail | null>,
): Waiter<MessageDetail> => new Waiter({ store, waiters, matcher, condition, most, read })
