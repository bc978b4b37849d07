import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { readJson } from '../../../server/http/body.ts'
import {
  isNarrow,
  matcherBody,
  matcherOfJson,
  matcherOfQuery,
  matcherQuery,
} from '../../../server/http/matcher.ts'
import { HttpProblem } from '../../../server/http/problem.ts'
import { readQuery } from '../../../server/http/query.ts'
import { routes } from '../../../server/http/routes.ts'
import { Facts } from '../../../server/store/condition.ts'
import { type Matcher, readMatcher } from '../../../server/store/matcher.ts'
import { QueryError } from '../../../server/store/query-error.ts'
import { jsonObject, jsonText } from '../json-text.ts'
import { mutate } from '../mutate.ts'
import { sought } from '../sought.ts'
import type { Target } from '../target.ts'

const NOW = Date.parse('2026-11-22T00:00:00Z')
/** What the bodies of all calls are read against. */
const BODIES = routes.flatMap(({ body }) => body ?? [])
const ENTRY = sought('Your code is 123456 <ann@example.com>')

/** What it comes to; null where it is refused as it should be, with a 400 or by a QueryError. */
const read = async <T>(reading: () => T | Promise<T>): Promise<T | null> => {
  try {
    return await reading()
  } catch (error) {
    if (error instanceof QueryError) return null
    if (!(error instanceof HttpProblem)) throw error
    assert.equal(error.status, 400, error.message)
    assert.ok(error.message.length < 2000, 'what is wrong is said in few words')
    return null
  }
}

/** A request with that body, as far as it is looked at. */
const requestOf = (octets: Buffer): IncomingMessage => {
  const headers = { 'content-type': 'application/json', 'content-length': `${octets.length}` }
  return Object.assign(Readable.from([octets]), { headers }) as unknown as IncomingMessage
}

const find = (matcher: Matcher): boolean | undefined =>
  readMatcher(matcher, NOW)(ENTRY, new Facts())

/** A JSON body, as the calls that take one read it, and the parameters of a query. */
export const target: Target = {
  name: 'matcher',
  make(random) {
    const text = () => Buffer.from(random.chance(0.9) ? jsonObject(random) : jsonText(random))
    return mutate(text(), random, text)
  },
  async check(input) {
    const octets = Buffer.from(input)
    for (const body of BODIES) await read(() => readJson(requestOf(octets), body))
    const json = await read(() => readJson(requestOf(octets), matcherBody))
    if (json !== null && octets.length > 0) {
      const matcher = matcherOfJson(json, 42)
      assert.equal(typeof isNarrow(matcher), 'boolean')
      const found = await read(() => [find(matcher)])
      // Written in another way it means the same.
      const written = Buffer.from(
        JSON.stringify(JSON.parse(new TextDecoder().decode(octets)), null, 1),
      )
      const again = await readJson(requestOf(written), matcherBody)
      assert.equal(JSON.stringify(again), JSON.stringify(json))
      assert.deepEqual(await read(() => [find(matcherOfJson(again, 42))]), found)
    }
    const values = await read(() => readQuery(matcherQuery, octets.toString('latin1')))
    if (values) await read(() => find(matcherOfQuery(values, 42)))
    const polluted: object = {}
    for (const name in polluted) assert.fail(`${name} is on every object`)
  },
}
