import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../server/pop3/commands.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'

/** As good an argument as each can have. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  RETR: ' 1',
  DELE: ' 1',
  TOP: ' 1 0',
  USER: ' any',
  PASS: ' any',
  APOP: ` any ${'0'.repeat(32)}`,
  AUTH: ' PLAIN AGFueQBhbnk=',
}

test('every command is known, in either case, and refused where it does not belong', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: x\r\n\r\n')
  for (const [keyword, { states }] of commands) {
    for (const state of ['authorization', 'transaction'] as const) {
      const open = () =>
        state === 'authorization' ? Pop3Client.open(pop3.port) : Pop3Client.login(pop3.port)
      for (const name of [keyword, keyword.toLowerCase()]) {
        const client = await open()
        // PASS alone is refused for another reason: it comes behind USER.
        if (keyword === 'PASS' && state === 'authorization') await client.ask('USER any')
        const answer = await client.ask(`${name}${ARGUMENTS[keyword] ?? ''}`)
        const wanted = states.includes(state)
          ? /^\+OK/
          : state === 'authorization'
            ? /^-ERR log in first/
            : /^-ERR you are logged in/
        assert.match(answer, wanted, `${name} in ${state}`)
        client.destroy()
      }
    }
  }
})

test('anything else is an unknown command', async t => {
  const pop3 = await startPop3(t)
  const client = await Pop3Client.login(pop3.port)
  const unknown = ['', ' ', ' STAT', '\tSTAT', 'STATS', 'RETRIEVE 1', 'XTND XMIT', 'LAST', 'HELP']
  for (const line of [...unknown, 'constructor', '__proto__', 'stat\0', '\xff\xfe']) {
    assert.equal(await client.ask(line), '-ERR unknown command', JSON.stringify(line))
  }
  client.destroy()
})
