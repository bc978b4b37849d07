import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { ImapClient } from './imap-client.ts'

/**
 * `ping.ts PORT`: says NOOP every few milliseconds on a connection of its own, in a process of its own, and prints for
 * each line that it reads the longest that an answer took since the line before, in milliseconds.
 */
const client = await ImapClient.open(Number(process.argv[2]), 'any')
let longest = 0
let asked: number | null = null
createInterface({ input: process.stdin })
  .on('line', () => {
    // One that is still out has waited already.
    if (asked !== null) longest = Math.max(longest, performance.now() - asked)
    console.log(longest.toFixed(1))
    longest = 0
  })
  .on('close', () => process.exit())
for (;;) {
  asked = performance.now()
  await client.ask('NOOP')
  longest = Math.max(longest, performance.now() - asked)
  asked = null
  await setTimeout(2)
}
