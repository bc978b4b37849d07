import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { changes } from './changes.ts'
import { imap } from './imap.ts'
import { latency } from './latency.ts'
import { many } from './many.ts'
import { mime } from './mime.ts'
import { pop3 } from './pop3.ts'
import { removeFolders } from './processes.ts'
import { rates } from './rates.ts'
import { startup } from './startup.ts'
import { stored } from './stored.ts'
import { wait } from './wait.ts'
import { web } from './web.ts'

/**
 * `npm run bench [-- NAME …] [SIZE …]`: prints tables of figures, ratios where there is something to compare with.
 * Nothing here passes or fails. The sizes are of mailboxes, for `imap`.
 */
const benches = { rates, latency, startup, stored, mime, many, changes, pop3, imap, web, wait }

const isSize = (argument: string): boolean => /^[1-9]\d*$/.test(argument)
const names = process.argv.slice(2).filter(argument => !isSize(argument))
const sizes = process.argv.slice(2).filter(isSize).map(Number)
const unknown = names.find(name => !(name in benches))
if (unknown)
  throw new Error(`no benchmark ${unknown}; there are ${Object.keys(benches).join(', ')}`)

const root = new URL('../..', import.meta.url)
execFileSync(process.execPath, ['--import', 'tsx', 'server/build.ts'], {
  cwd: root,
  stdio: 'inherit',
})
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${process.platform}`)
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue
    console.log(`\n${name}`)
    for await (const row of bench(sizes)) console.log(`| ${row.join(' | ')} |`)
  }
} finally {
  await removeFolders()
}
