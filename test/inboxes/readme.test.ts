import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startMailcatch } from '../../server/mailcatch.ts'
import { makeHome } from '../helpers/cli.ts'
import { isMissing, run } from '../helpers/program.ts'

// What the README says of inboxes and of the commands is done here as it stands there.

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url))

/** The shell script behind a mark in the README. */
const scriptOf = (mark: string): string =>
  new RegExp(`<!-- ${mark} -->\n\`\`\`sh\n(.*?)\`\`\``, 's').exec(readme)?.[1] ??
  assert.fail(`README.md has no ${mark}`)

test('the shell scripts of the README', async t => {
  if (isMissing(t, 'bash', 'curl')) return
  const home = makeHome()
  t.after(home.remove)
  const runScript = async (mark: string) => {
    await using mailcatch = await startMailcatch()
    const url = mailcatch.url ?? ''
    const script = scriptOf(mark).replaceAll('localhost:8025/', url)
    const command = `"${process.execPath}" --import ${import.meta.resolve('tsx')} "${cli}"`
    const prelude = `set -euo pipefail; mailcatch() { ${command} "$@"; }; curl() { command curl --fail-with-body --noproxy '*' "$@"; echo; }`
    const options = { cwd: home.path, env: { HOME: home.path, MAILCATCH_URL: url } }
    const { stdout } = await run('bash', ['-c', `${prelude}\n${script}`], options)
    const { total } = (await (await fetch(`${url}v1/messages`)).json()) as { total: number }
    assert.equal(total, 0, 'both end with nothing left')
    return stdout
  }

  const inboxes = await runScript('inboxes')
  assert.match(inboxes, /^sent message 1: /m)
  assert.match(inboxes, /^\{"messages":\[\{"id":1,.*"subject":"Your code".*"total":1,/m)
  assert.match(
    inboxes,
    /^\{"id":"sign-up-[a-z0-9]{12}","name":"Sign-up",.*"total":1,"unread":1\}$/m,
  )

  const shell = await runScript('shell')
  assert.match(shell, /^sent message 2: /m)
  assert.match(shell, /bob@example\.com {2}Report\n.*ann@example\.com {2}Welcome$/m)
  assert.match(shell, /^\{"type":"message","id":1,/m)
  assert.match(shell, /^Subject: {2}Report$/m)
  assert.match(shell, /^The report is ready\.$/m)
  assert.match(shell, /^deleted 1 message of .*\n+deleted 1 message of .*, all there were$/m)
})
