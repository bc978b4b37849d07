import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startMailcatch } from '../../../server/mailcatch.ts'
import { makeHome } from '../../helpers/cli.ts'
import { isMissing, run } from '../../helpers/program.ts'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const cli = fileURLToPath(new URL('../../../server/cli.ts', import.meta.url))

test('what the README says of waiting is done as it stands there', async t => {
  if (isMissing(t, 'bash', 'curl')) return
  const home = makeHome()
  t.after(home.remove)
  await using mailcatch = await startMailcatch()
  const url = mailcatch.url ?? ''
  const script = /<!-- waiting -->\n```sh\n(.*?)```/s.exec(readme)?.[1] ?? assert.fail()
  const command = `"${process.execPath}" --import ${import.meta.resolve('tsx')} "${cli}"`
  const prelude = `set -euo pipefail; mailcatch() { ${command} "$@"; }; curl() { command curl --fail-with-body --noproxy '*' "$@"; echo; }`
  const { stdout } = await run(
    'bash',
    ['-c', `${prelude}\n${script.replaceAll('localhost:8025/', url)}`],
    { cwd: home.path, env: { HOME: home.path, MAILCATCH_URL: url } },
  )
  assert.match(stdout, /^\{"messages":\[\{"id":1,.*"subject":"Your code"/m)
  assert.match(stdout, /^482913\nhttps:\/\/app\.example\.com\/confirm\?t=1\n/m)
  assert.match(stdout, /^\{"cursor":1,"waitedFor":0\}$/m)
  assert.match(stdout, /^\{"ok":true,"results":\[\{"ok":true,/m)
  assert.match(stdout, /^482913\nno message\n$/m)
})
