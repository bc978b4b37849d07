import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../helpers/program.ts'
import { type Account, filesIn, makeDelivery, type Pop3Client } from './account.ts'

const TLS = {
  none: "sslproto ''",
  starttls: "sslproto 'TLS1+'",
  implicit: 'ssl',
}

/** Answers 1 where there is nothing new. */
const NOTHING_NEW = 1

/** Fetches by POP3 or IMAP and hands every message to a program, which here puts it into a file. */
export async function fetchWith(
  protocol: 'POP3' | 'IMAP',
  { host, port, tls, user, password, caFile, home }: Account,
  removes: boolean,
): Promise<readonly Buffer[]> {
  const { program, folder } = await makeDelivery(home)
  const configuration = join(home, 'fetchmailrc')
  const check = tls === 'none' ? '' : `sslcertck sslcertfile "${caFile}"`
  const text = `set no syslog
set idfile "${home}/fetchids"
set invisible
poll ${host} protocol ${protocol} port ${port} ${protocol === 'POP3' ? 'uidl' : ''}
  user "${user}" password "${password}" ${TLS[tls]} ${check}
  ${removes ? 'no keep fetchall' : 'keep'} no rewrite mda "${program}"
`
  await writeFile(configuration, text, { mode: 0o600 })
  await run('fetchmail', ['--nodetach', '--verbose', '--fetchmailrc', configuration], {
    env: { HOME: home, FETCHMAILHOME: home },
    accepts: [0, NOTHING_NEW],
  })
  return filesIn(folder)
}

export const fetchmail: Pop3Client = {
  name: 'fetchmail',
  programs: ['fetchmail'],
  tls: ['none', 'starttls', 'implicit'],
  remembers: true,
  fetch: (account, removes) => fetchWith('POP3', account, removes),
}
