import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../helpers/program.ts'
import { filesIn, type Pop3Client } from './account.ts'

export const mpop: Pop3Client = {
  name: 'mpop',
  programs: ['mpop'],
  tls: ['none', 'starttls', 'implicit'],
  remembers: true,
  async fetch({ host, port, tls, user, password, caFile, home }, removes) {
    const maildir = join(home, 'Maildir')
    const configuration = join(home, 'mpoprc')
    await rm(maildir, { recursive: true, force: true })
    for (const name of ['cur', 'new', 'tmp']) await mkdir(join(maildir, name), { recursive: true })
    const text = `account default
host ${host}
port ${port}
user ${user}
password ${password}
auth user
tls ${tls === 'none' ? 'off' : 'on'}
tls_starttls ${tls === 'starttls' ? 'on' : 'off'}
${tls === 'none' ? '' : `tls_trust_file ${caFile}`}
delivery maildir ${maildir}
uidls_file ${home}/uidls
keep ${removes ? 'off' : 'on'}
received_header off
`
    await writeFile(configuration, text, { mode: 0o600 })
    await run('mpop', ['--file', configuration, '--debug'], { env: { HOME: home } })
    return filesIn(join(maildir, 'new'))
  },
}
