import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { MessageList } from '../../../server/http/resources.ts'
import { playRounds } from './told.ts'

/** `lister.ts URL`: lists and searches, again and again, until it is told to end. */
const [url = ''] = process.argv.slice(2)

/** Pages of one listing. */
const pages = 5
/** Milliseconds between two listings: as soon as a web inbox would ask again. */
const pause = 50
/** What is asked for; the last one looks into messages. */
const queries = ['', '&from=shop@example.com', '&q=subject:order', '&q=newsletter']

await playRounds(async round => {
  await setTimeout(pause)
  let before: number | undefined
  for (let page = 0; page < pages; page++) {
    const at = before === undefined ? '' : `&before=${before}`
    const asked = `limit=100${queries[round % queries.length]}${at}`
    const response = await fetch(`${url}v1/messages?${asked}`)
    assert.equal(response.status, 200, asked)
    const { messages } = (await response.json()) as MessageList
    const ids = messages.map(({ id }) => id)
    const ordered = [...new Set(ids)].sort((a, b) => b - a)
    assert.deepEqual(ids, ordered, 'each once, the newest first')
    assert.ok(before === undefined || (ids[0] ?? 0) < before, 'each page goes on')
    before = ids.at(-1)
    if (before === undefined) return
  }
})
