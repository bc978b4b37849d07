import dns from 'node:dns'
import { once } from 'node:events'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { tried } from './tried.ts'

/** Tries to go out by each way; prints which of them the kernel has not counted. */
const attempts: readonly (readonly [how: string, go: () => Promise<unknown>])[] = [
  ['a connection', () => once(connect(25, '192.0.2.1'), 'connect')],
  ['a connection by IPv6', () => once(connect(25, '2001:db8::1'), 'connect')],
  ['fetch', () => fetch('http://192.0.2.1/')],
  ['a name', () => promisify(dns.lookup)('example.com')],
  ['a question to DNS', () => dns.promises.resolveMx('example.com')],
  ['a name for an address', () => dns.promises.reverse('192.0.2.1')],
]
const missed: string[] = []
for (const [how, go] of attempts) {
  const before = tried()
  const went = await go().then(
    () => true,
    () => false,
  )
  const after = tried()
  const isCounted = after.withoutRoute > before.withoutRoute || after.datagrams > before.datagrams
  if (went || !isCounted) missed.push(how)
}
console.log(JSON.stringify({ attempts: attempts.length, missed }))
