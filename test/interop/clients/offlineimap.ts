import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../helpers/program.ts'
import type { SyncClient } from './maildir.ts'

export const offlineimap: SyncClient = {
  name: 'offlineimap3',
  programs: ['offlineimap'],
  async sync({ host, port, tls, user, password, caFile, home }) {
    const configuration = join(home, 'offlineimaprc')
    await mkdir(join(home, 'mail'), { recursive: true })
    const text = `[general]
accounts = account
metadata = ${home}/metadata
[Account account]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = ${home}/mail
sep = /
[Repository far]
type = IMAP
remotehost = ${host}
remoteport = ${port}
remoteuser = ${user}
remotepass = ${password}
ssl = ${tls === 'implicit' ? 'yes' : 'no'}
starttls = ${tls === 'starttls' ? 'yes' : 'no'}
${tls === 'none' ? '' : `sslcacertfile = ${caFile}`}
expunge = yes
`
    await writeFile(configuration, text, { mode: 0o600 })
    // Now and then its library waits for ever after STARTTLS, whatever the server (one run in six with Dovecot).
    for (let tries = tls === 'starttls' ? 4 : 1; ; tries--) {
      try {
        await runOnce(configuration, home, tries > 1 ? 8_000 : 60_000)
        return
      } catch (error) {
        if (tries === 1 || !(error instanceof Error && /was ended after/.test(error.message))) {
          throw error
        }
      }
    }
  },
}

async function runOnce(configuration: string, home: string, timeout: number): Promise<void> {
  const args = ['-o', '-u', 'basic', '-c', configuration]
  const { stdout, stderr } = await run('offlineimap', args, { env: { HOME: home }, timeout })
  // It ends with 0 whatever went wrong.
  if (/ERROR|Traceback/.test(stdout + stderr)) throw new Error(`${stdout}\n${stderr}`)
}
