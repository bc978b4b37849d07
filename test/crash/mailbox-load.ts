import type { FlagChange } from '../../server/store/mailboxes.ts'
import { type Created, entryKey, type Ledger } from './ledger.ts'
import {
  type Action,
  attempt,
  inboxMix,
  type Load,
  type Mix,
  mail,
  pickFree,
  sightIn,
} from './load.ts'
import { logins, writeSight } from './sight.ts'
import type { At, MailboxTarget } from './target.ts'

/** What mail clients ask for, at random. */

const names = ['A', 'A/x', 'A/x/y', 'B', 'B/x', 'Sent', 'Archive/2026', 'Ünï & co', '../etc']
const flags = ['\\Seen', '\\Flagged', '\\Answered', '\\Deleted', '$Forwarded', 'work']

/** A mailbox that is there and that no open step makes, renames or ends. */
type Box = { readonly at: At; readonly key: string; readonly value: string; readonly place: string }

const mailboxKey = ([login, name]: At): string => `mailbox ${login}/${name}`

const boxesOf = (ledger: Ledger, login: string): Box[] => {
  const start = mailboxKey([login, ''])
  return [...ledger.state.keys()].flatMap(key => {
    const value = key.startsWith(start) ? ledger.value(key) : undefined
    if (value === undefined || !ledger.isReadable(key)) return []
    const at: At = [login, key.slice(start.length)]
    return [{ at, key, value, place: `${login}/${value.split(' ')[0]}` }]
  })
}

const pickBox = (
  { random, ledger }: Load,
  login: string = random.pick(logins),
): Box | undefined => {
  const boxes = boxesOf(ledger, login)
  // Most of the mail is in INBOX.
  const inbox = boxes.find(({ at: [, name] }) => name === 'INBOX')
  return random.chance(0.4) && inbox ? inbox : boxes.length > 0 ? random.pick(boxes) : undefined
}

const targetOf = ({ target }: Load): MailboxTarget => target as MailboxTarget

/** One step at a time is about the mailboxes of an account themselves. */
const structureOf = (login: string): string => `structure ${login}`

const namesAbove = (name: string): string[] => {
  const levels = name.split('/')
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join('/'))
}

/** The mailboxes that are made on the way to a name. */
const madeAbove = (ledger: Ledger, [login, name]: At): (readonly [string, RegExp])[] =>
  namesAbove(name)
    .map(level => mailboxKey([login, level]))
    .filter(key => !ledger.state.has(key))
    .map(key => [key, /^\d+ \d+ null$/] as const)

const create: Action = async load => {
  const { random, ledger } = load
  const at: At = [random.pick(logins), random.pick(names)]
  const key = mailboxKey(at)
  const structure = structureOf(at[0])
  if (!ledger.isFree(structure) || ledger.state.has(key)) return false
  const writes = [...madeAbove(ledger, at), [key, /^\d+ \d+ null$/] as const]
  const step = ledger.begin(`create ${at}`, writes, [], [structure])
  const made = await attempt(load, step, () => targetOf(load).create(at))
  if (made !== undefined) ledger.done(step, [], new Map([[key, made]]))
  return true
}

/** The entries of a mailbox; null where an open step has to do with one of them. */
const entriesOf = (ledger: Ledger, place: string): string[] | null => {
  const start = entryKey(place, 0).slice(0, -1)
  const keys = [...ledger.state.keys()].filter(key => key.startsWith(start))
  return keys.every(key => ledger.isFree(key)) ? keys : null
}

const remove: Action = async load => {
  const { random, ledger } = load
  const box = pickBox(load)
  if (!box || box.at[1] === 'INBOX' || !random.chance(0.5)) return false
  const structure = structureOf(box.at[0])
  const entries = entriesOf(ledger, box.place)
  if (!ledger.isFree(structure) || !ledger.isFree(box.key) || !entries) return false
  const writes = [box.key, ...entries].map(key => [key, null] as const)
  const step = ledger.begin(`delete ${box.at}`, writes, [], [structure])
  await attempt(load, step, () => targetOf(load).delete(box.at))
  ledger.done(step)
  return true
}

const rename: Action = async load => {
  const { random, ledger } = load
  const box = pickBox(load)
  if (!box || box.at[1] === 'INBOX') return false
  const [login, name] = box.at
  const structure = structureOf(login)
  const newName = random.pick(names)
  const moving = boxesOf(ledger, login).filter(
    ({ at: [, other] }) => other === name || other.startsWith(`${name}/`),
  )
  const renamed = moving.map(({ at: [, other] }) =>
    mailboxKey([login, `${newName}${other.slice(name.length)}`]),
  )
  const start = mailboxKey([login, `${name}/`])
  const areAll = [...ledger.state.keys()].filter(key => key.startsWith(start)).length
  if (
    !ledger.isFree(structure) ||
    areAll !== moving.length - 1 ||
    !moving.every(({ key }) => ledger.isFree(key)) ||
    newName === name ||
    newName.startsWith(`${name}/`) ||
    renamed.some(key => ledger.state.has(key))
  ) {
    return false
  }
  const writes = new Map<string, string | null | RegExp>(madeAbove(ledger, [login, newName]))
  for (const { key } of moving) writes.set(key, null)
  for (const [index, { value }] of moving.entries()) writes.set(renamed[index] as string, value)
  const step = ledger.begin(`rename ${box.at} to ${newName}`, writes, [], [structure])
  await attempt(load, step, () => targetOf(load).rename(box.at, newName))
  ledger.done(step)
  return true
}

const subscribe: Action = async load => {
  const { random, ledger } = load
  const at: At = [random.pick(logins), random.pick([...names, 'INBOX', 'nowhere'])]
  const key = `subscribed ${at[0]}/${at[1]}`
  if (!ledger.isFree(key)) return false
  const isSubscribed = random.chance(0.5)
  const step = ledger.begin(`subscribe ${at} ${isSubscribed}`, [[key, isSubscribed ? 'yes' : null]])
  await attempt(load, step, () => targetOf(load).subscribe(at, isSubscribed))
  ledger.done(step)
  return true
}

const append: Action = async load => {
  const { random, ledger, mails } = load
  const box = pickBox(load)
  if (!box) return false
  const { raw, sha } = mail(load)
  const sight = {
    sha,
    rcptTo: [],
    flags: random.some(flags, random.integer(3)).sort(),
    tags: [],
    date: Date.UTC(2020, 0, 1) + 1_000 * mails.next,
  }
  const created: Created = {
    entries: [{ place: box.place, value: sightIn(load, box.place, sight) }],
  }
  const step = ledger.begin(`append to ${box.at} ${mails.next - 1}`, [], [created], [box.key])
  const number = await attempt(load, step, () =>
    targetOf(load).append(box.at, raw.toString('latin1'), sight.flags, sight.date),
  )
  if (number !== undefined) ledger.done(step, [number])
  return true
}

const transfer =
  (kind: 'copy' | 'move'): Action =>
  async load => {
    const { random, ledger } = load
    const source = pickBox(load)
    const target = source && pickBox(load, source.at[0])
    if (!source || !target || source === target || source.place === target.place) return false
    const some = pickFree(load, source.place, random.chance(0.3) ? 10 : 1)
    const creates = some.map(
      ({ key, sight }): Created => ({
        entries: [{ place: target.place, value: sightIn(load, target.place, sight) }],
        source: key,
      }),
    )
    if (some.length === 0 || !creates.every(created => ledger.isUnlike(created))) return false
    const uids = some.map(({ number }) => number)
    const writes = kind === 'copy' ? [] : some.flatMap(({ keys }) => keys)
    const step = ledger.begin(
      `${kind} ${uids} of ${source.at} to ${target.at}`,
      writes.map(key => [key, null] as const),
      creates,
      [source.key, target.key],
    )
    const copied = await attempt(load, step, () =>
      targetOf(load)[kind](source.at, uids, target.at[1]),
    )
    if (!copied) return true
    const { from, to } = copied
    ledger.done(
      step,
      uids.map(uid => to[from.indexOf(uid)] ?? null),
    )
    const isAscending = to.every((uid, index) => index === 0 || uid > (to[index - 1] as number))
    if (!isAscending || from.length !== to.length) {
      ledger.wrong.push(`${step.label}: ${from} became ${to}`)
    }
    return true
  }

const setFlags: Action = async load => {
  const { random, ledger } = load
  const box = pickBox(load)
  if (!box) return false
  const some = pickFree(load, box.place, random.chance(0.3) ? 20 : 1)
  if (some.length === 0) return false
  const change = random.pick<() => FlagChange>([
    () => ({ add: random.some(flags, 2) }),
    () => ({ remove: random.some(flags, 3) }),
    () => ({ replace: random.some(flags, 2) }),
  ])()
  const uids = some.map(({ number }) => number)
  const step = ledger.begin(
    `flags of ${box.at} ${uids} ${JSON.stringify(change)}`,
    some.map(({ key, sight }) => {
      const after = new Set([...(change.replace ?? sight.flags), ...(change.add ?? [])])
      for (const flag of change.remove ?? []) after.delete(flag)
      return [key, writeSight({ ...sight, flags: [...after].sort() })]
    }),
    [],
    [box.key],
  )
  await attempt(load, step, () => targetOf(load).setFlags(box.at, uids, change))
  ledger.done(step)
  return true
}

const expunge: Action = async load => {
  const { random, ledger } = load
  const box = pickBox(load)
  if (!box) return false
  const some = pickFree(load, box.place, random.chance(0.3) ? 8 : 1)
  if (some.length === 0) return false
  const uids = some.map(({ number }) => number)
  const writes = some.flatMap(({ keys }) => keys.map(key => [key, null] as const))
  const step = ledger.begin(`expunge ${box.at} ${uids}`, writes, [], [box.key])
  await attempt(load, step, () => targetOf(load).expunge(box.at, uids))
  ledger.done(step)
  return true
}

/** Everything: what arrives, and what mail clients do. */
export const everythingMix: Mix = [
  ...inboxMix,
  [10, create],
  [6, remove],
  [6, rename],
  [4, subscribe],
  [18, append],
  [22, transfer('copy')],
  [18, transfer('move')],
  [30, setFlags],
  [12, expunge],
]

/** One of each, for a script. */
export const mailboxActions = {
  create,
  remove,
  rename,
  subscribe,
  append,
  copy: transfer('copy'),
  move: transfer('move'),
  setFlags,
  expunge,
}
