import assert from 'node:assert/strict'
import { runChecks } from '../../../server/checks/checks.ts'
import { MAX_PLACES } from '../../../server/checks/findings.ts'
import { groups } from '../../../server/checks/groups.ts'
import { type CheckedMail, readMail } from '../../../server/checks/mail.ts'
import type { CheckGroup, Finding, Place } from '../../../server/checks/report.ts'
import { summedUp } from '../../../server/checks/sum.ts'
import type { Part } from '../../../server/mime/structure.ts'
import { htmlMail } from '../html-mail.ts'
import { entity } from '../mail-text.ts'
import { mutate } from '../mutate.ts'
import type { Target } from '../target.ts'

const HALF = /\p{Surrogate}/u
const SEVERITIES = ['error', 'warning', 'info']
/** Of an excerpt: 160, and what stands before it where two colours are compared. */
const MOST_EXCERPT = 220

/** A mail, and what places in it are held against. */
type Ground = {
  readonly mail: CheckedMail
  readonly parts: ReadonlySet<string>
  /** Lines of the raw message. */
  readonly lines: readonly string[]
  /** The decoded lines of each HTML part. */
  readonly read: ReadonlyMap<string, readonly string[]>
}

const groundOf = (mail: CheckedMail): Ground => {
  const parts = new Set<string>()
  const enter = (part: Part): void => {
    parts.add(part.number)
    part.parts.forEach(enter)
  }
  enter(mail.root)
  return {
    mail,
    parts,
    lines: mail.raw.toString('latin1').split('\n'),
    read: new Map(mail.htmls.map(({ part, text }) => [part.number, text.split('\n')])),
  }
}

const checkPlace = (place: Place, { mail, parts, lines, read }: Ground): void => {
  const { part, line, column, sourceLine, header, excerpt } = place
  if (part !== undefined) assert.ok(parts.has(part), `part ${part} of a place`)
  assert.equal(line === undefined, column === undefined, 'a line and its column')
  if (line !== undefined && column !== undefined) {
    const text = read.get(part ?? '')?.[line - 1]
    assert.ok(text !== undefined, `line ${line} of part ${part}`)
    assert.ok(column >= 1 && column <= text.length + 1, `column ${column} of ${text.length}`)
  }
  if (sourceLine !== undefined) {
    const source = lines[sourceLine - 1]
    assert.ok(source !== undefined, `line ${sourceLine} of ${lines.length}`)
    if (header !== undefined) assert.ok(source.includes(header), `${header} is not in its line`)
  }
  if (header !== undefined) assert.ok(mail.header.first(header), 'a field that is not there')
  if (excerpt !== undefined) assert.ok(excerpt.length <= MOST_EXCERPT, 'a long excerpt')
}

const checkFindings = (findings: readonly Finding[], ground: Ground): void => {
  const keys = findings.map(({ check, title }) => `${check} ${title}`)
  assert.equal(new Set(keys).size, keys.length, 'the same finding twice')
  const ranks = findings.map(({ severity }) => SEVERITIES.indexOf(severity))
  assert.ok(!ranks.includes(-1))
  assert.deepEqual(ranks.toSorted(), ranks, 'errors first')
  for (const { count, where } of findings) {
    assert.ok(count >= 1 && where.length <= Math.min(count, MAX_PLACES), 'count of places')
    for (const place of where) checkPlace(place, ground)
  }
}

/** Everything that the worker finds out about a mail when somebody asks for its checks. */
export const target: Target = {
  name: 'checks',
  make(random) {
    const mail = () => Buffer.from(random.chance(0.9) ? htmlMail(random) : entity(random), 'latin1')
    return mutate(mail(), random, mail)
  },
  async check(input) {
    const raw = Buffer.from(input)
    const told: CheckGroup[] = []
    await runChecks(raw, group => told.push(group))
    const checks = summedUp(told, 'it did not come to its end')
    const ground = groundOf(await readMail(raw))
    assert.deepEqual(
      told.map(({ group }) => group),
      groups.map(({ group }) => group),
    )
    for (const { state, reason, findings, fields = [] } of checks.groups) {
      assert.notEqual(state, 'failed', reason)
      assert.equal(state === 'partial', reason !== undefined)
      checkFindings(findings, ground)
      for (const { header, sourceLine, verified } of fields) {
        assert.equal(verified, false)
        checkPlace({ header, ...(sourceLine === undefined ? {} : { sourceLine }) }, ground)
      }
    }
    const all = checks.groups.flatMap(({ findings }) => findings)
    const sum = Object.values(checks.counts).reduce((total, count) => total + count, 0)
    assert.equal(sum, all.length, 'the counts')

    // The table of mail clients is always the same.
    const said = checks.groups.map(({ data, ...group }) => group)
    const json = JSON.stringify(said)
    const again = JSON.parse(json, (_key, value) => {
      if (typeof value === 'string') assert.doesNotMatch(value, HALF)
      return value
    })
    assert.deepEqual(again, said)
  },
}
