import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../helpers/program.ts'
import type { SyncClient } from './maildir.ts'

const SSL_TYPE = { none: 'None', starttls: 'STARTTLS', implicit: 'IMAPS' }

export const mbsync: SyncClient = {
  name: 'mbsync',
  programs: ['mbsync'],
  async sync({ host, port, tls, user, password, caFile, home }) {
    const configuration = join(home, 'mbsyncrc')
    await mkdir(join(home, 'mail'), { recursive: true })
    const text = `IMAPAccount server
Host ${host}
Port ${port}
User ${user}
Pass "${password}"
SSLType ${SSL_TYPE[tls]}
SystemCertificates no
CertificateFile ${caFile}

IMAPStore far
Account server

MaildirStore near
Path ${home}/mail/
Inbox ${home}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
CopyArrivalDate yes
SyncState ${home}/state/
`
    await writeFile(configuration, text, { mode: 0o600 })
    await mkdir(join(home, 'state'), { recursive: true })
    await run('mbsync', ['--verbose', '--config', configuration, '--all'], { env: { HOME: home } })
  },
}
