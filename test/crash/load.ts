import type { EntryPatch } from '../../server/store/patch.ts'
import { MailboxError, StoreError } from '../../server/store/store-error.ts'
import type { Random } from '../helpers/random.ts'
import { catchAllInbox, entryKey, type Ledger, readEntryKey, type Step } from './ledger.ts'
import { readSight, type Sight, shaOf, writeSight } from './sight.ts'
import type { Target } from './target.ts'

/** Who asks for what at random, and writes down what he is told. */
export type Load = {
  readonly random: Random
  readonly ledger: Ledger
  readonly target: Target
  readonly mails: Mails
  /** The accounts that can be looked into. */
  readonly logins: readonly string[]
  /** Octets of most messages, at most; some are much longer where nothing is said. */
  readonly most?: number
}

/** What was sent so far. */
export type Mails = {
  /** Makes every message another one. */
  next: number
  /** The sum of the octets as they were sent, by that of the canonical ones. */
  readonly raws: Map<string, string>
}

/** Asks for one thing; resolves when it is acknowledged, with whether there was anything to ask for. */
export type Action = (load: Load) => Promise<boolean>

/**
 * Asks, and ends the step where nothing came of it: undefined where that may not be. What the store refuses has not
 * happened; of any other failure nobody knows.
 */
export const attempt = async <T>(
  { ledger }: Load,
  step: Step,
  ask: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof MailboxError) {
      ledger.denied(step)
      return undefined
    }
    if (error instanceof StoreError) ledger.refused(step)
    throw error
  }
}

const people = ['ann@example.org', 'bob@example.org', 'eve@example.net']
const tags = ['red', 'green', 'blue']

/** Larger ones are streamed to their file. */
const large = 262_144

const size = ({ random, most }: Pick<Load, 'random' | 'most'>): number => {
  if (most !== undefined) return random.integer(most)
  if (random.chance(0.03)) return random.between(large, 400_000)
  return random.chance(0.2) ? random.between(2_000, 60_000) : random.integer(1_200)
}

/** A message like no other: some have lines that start with a dot, some a line end that is none in a mail. */
export const mail = (
  load: Pick<Load, 'random' | 'mails' | 'most'>,
  octets = size(load),
): { readonly raw: Buffer; readonly sha: string } => {
  const { random, mails } = load
  const number = mails.next++
  const start = random.pick(['', '.', '..', 'bare \n', 'bare \r'])
  const line = `${start}${number} ${'x'.repeat(random.integer(80))}\r\n`
  const text =
    `From: app@example.com\r\nTo: ann@example.org\r\nSubject: mail ${number}\r\n\r\n` +
    line.repeat(Math.ceil((1 + octets) / line.length))
  const sha = shaOf(Buffer.from(text.replaceAll(/\r\n|\r|\n/g, '\r\n')))
  mails.raws.set(sha, shaOf(Buffer.from(text)))
  return { raw: Buffer.from(text), sha }
}

/** What a mailbox shows of an entry. */
export const sightIn = ({ mails }: Load, place: string, sight: Omit<Sight, 'raw'>): string => {
  const [login = ''] = place.split('/')
  return writeSight({
    ...sight,
    raw: place === catchAllInbox ? (mails.raws.get(sight.sha) ?? '') : '',
    tags: login === '' ? sight.tags : [],
  })
}

const send = async (load: Load, octets?: number): Promise<boolean> => {
  const { random, ledger, target } = load
  const { raw, sha } = mail(load, octets)
  const rcptTo = random.some(people, random.between(1, 2))
  const places = [
    catchAllInbox,
    ...load.logins.filter(login => rcptTo.includes(login)).map(login => `${login}/1`),
  ]
  const tagged = random.chance(0.2) ? random.pick(tags) : null
  if (tagged) rcptTo[0] = rcptTo[0]?.replace('@', `+${tagged}@`) ?? ''
  const sight = { sha, rcptTo, flags: [], tags: tagged ? [tagged] : [], date: null }
  const entries = places.map(place => ({ place, value: sightIn(load, place, sight) }))
  const step = ledger.begin(`deliver ${load.mails.next - 1}`, [], [{ entries }])
  const number = await attempt(load, step, () => target.deliver(raw, rcptTo))
  if (number !== undefined) ledger.done(step, [number])
  return true
}

export const deliver: Action = load => send(load)
export const deliverLarge: Action = load => send(load, large + 1_000)

export const abandon: Action = async load => {
  await load.target.abandon(mail(load).raw)
  return true
}

/** An entry that can be asked for something. */
export type Picked = {
  readonly number: number
  readonly key: string
  readonly sight: Sight
  /** It, and what goes with it: an arrival that leaves the catch-all leaves the addresses too. */
  readonly keys: readonly string[]
}

/** Some entries of a mailbox that no open step has to do with, nor with what goes with them. */
export const pickFree = (
  { random, ledger, logins }: Load,
  place: string,
  most: number,
): Picked[] => {
  const start = entryKey(place, 0).slice(0, -1)
  const all: Picked[] = []
  for (const key of ledger.state.keys()) {
    if (!key.startsWith(start)) continue
    const value = ledger.value(key)
    const number = readEntryKey(key)?.number ?? 0
    const twins = logins.map(login => entryKey(`${login}/1`, number))
    const keys = place === catchAllInbox ? twins.filter(twin => ledger.state.has(twin)) : [key]
    // Whoever changes the one in the catch-all may take this one along.
    const isFree = [...keys, entryKey(catchAllInbox, number)].every(twin => ledger.isFree(twin))
    if (value !== undefined && isFree) all.push({ number, key, sight: readSight(value), keys })
  }
  return random.some(all, random.between(1, most))
}

const patched = ({ flags, tags, ...rest }: Sight, patch: EntryPatch): Sight => {
  const after = new Set(flags)
  if (patch.unread === false) after.add('\\Seen')
  if (patch.unread === true) after.delete('\\Seen')
  if (patch.flagged === true) after.add('\\Flagged')
  if (patch.flagged === false) after.delete('\\Flagged')
  const all = [...new Set([...(patch.tags ?? tags), ...(patch.addTags ?? [])])]
  return {
    ...rest,
    flags: [...after].sort(),
    tags: all.filter(tag => !patch.removeTags?.includes(tag)),
  }
}

const change = async (load: Load, patch: EntryPatch, most: number): Promise<boolean> => {
  const { ledger, target } = load
  const some = pickFree(load, catchAllInbox, most)
  if (some.length === 0) return false
  const ids = some.map(({ number }) => number)
  const step = ledger.begin(
    `update ${ids} ${JSON.stringify(patch).slice(0, 100)}`,
    some.map(({ key, sight }) => [key, writeSight(patched(sight, patch))]),
  )
  await attempt(load, step, () => target.update(ids, patch))
  ledger.done(step)
  return true
}

export const update: Action = load => {
  const { random } = load
  const patch = random.pick<EntryPatch>([
    { unread: random.chance(0.3) },
    { flagged: random.chance(0.6) },
    { addTags: [random.pick(tags)] },
    { removeTags: [random.pick(tags)] },
    { tags: random.some(tags, 2), unread: false },
  ])
  return change(load, patch, random.chance(0.3) ? 12 : 1)
}

export const updateMany: Action = load => change(load, { unread: false, addTags: ['many'] }, 100)

/** A tag so long that a few of them fill a file of the change log. */
export const updateHeavily: Action = load =>
  change(load, { tags: ['x'.repeat(load.random.between(400_000, 900_000))] }, 1)

export const remove: Action = async load => {
  const { random, ledger, target } = load
  const some = pickFree(load, catchAllInbox, random.chance(0.2) ? 8 : 1)
  if (some.length === 0) return false
  const ids = some.map(({ number }) => number)
  const step = ledger.begin(
    `remove ${ids}`,
    some.flatMap(({ keys }) => keys.map(key => [key, null] as const)),
  )
  await attempt(load, step, () => target.remove(ids))
  ledger.done(step)
  return true
}

/** What is asked for, and how often in a hundred. */
export type Mix = readonly (readonly [weight: number, action: Action])[]

export const inboxMix: Mix = [
  [45, deliver],
  [2, abandon],
  [38, update],
  [15, remove],
]

const pickAction = (random: Random, mix: Mix): Action => {
  let at = random.integer(mix.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, action] of mix) {
    at -= weight
    if (at < 0) return action
  }
  throw new Error('the mix is empty')
}

/** Asks `width` at a time until there was enough. Rejects with the first thing that failed. */
export const run = async (
  load: Load,
  { mix, width, isOver }: { mix: Mix; width: number; isOver: () => boolean },
): Promise<void> => {
  const asker = async (): Promise<void> => {
    while (!isOver()) {
      const action = pickAction(load.random, mix)
      if (!(await action(load))) await deliver(load)
    }
  }
  await Promise.all(Array.from({ length: width }, asker))
}
