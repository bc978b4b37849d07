import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { run, says, startTied } from '../../helpers/program.ts'
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
  account: Account,
  removes: boolean,
): Promise<readonly Buffer[]> {
  const { args, env, folder } = await prepare(protocol, account, removes ? FETCH_ALL : 'keep')
  await run('fetchmail', args, { env, accepts: [0, NOTHING_NEW] })
  return filesIn(folder)
}

/** Waits by IDLE for what comes when `send` is called, and answers it. */
export async function fetchIdling(
  account: Account,
  send: () => Promise<void>,
): Promise<readonly Buffer[]> {
  const { args, env, folder } = await prepare('IMAP', account, 'keep idle')
  const fetchmail = startTied('fetchmail', args, { env: { ...process.env, ...env } })
  try {
    const output = fetchmail.streams[1] as Readable
    await says(output, /IMAP> A\d+ IDLE/)
    // It may say it before the sender knows that the message is there.
    await Promise.all([says(output, /reading message .*not flushed/s), send()])
    return await filesIn(folder)
  } finally {
    await fetchmail.end()
  }
}

const FETCH_ALL = 'no keep fetchall'

async function prepare(
  protocol: 'POP3' | 'IMAP',
  { host, port, tls, user, password, caFile, home }: Account,
  options: string,
) {
  const { program, folder } = await makeDelivery(home)
  const configuration = join(home, 'fetchmailrc')
  const check = tls === 'none' ? '' : `sslcertck sslcertfile "${caFile}"`
  const text = `set no syslog
set idfile "${home}/fetchids"
set invisible
poll ${host} protocol ${protocol} port ${port} ${protocol === 'POP3' ? 'uidl' : ''}
  user "${user}" password "${password}" ${TLS[tls]} ${check}
  ${options} no rewrite mda "${program}"
`
  await writeFile(configuration, text, { mode: 0o600 })
  // Root's would be one for the whole machine.
  const pidFile = ['--pidfile', join(home, 'fetchmail.pid')]
  const args = ['--nodetach', '--verbose', ...pidFile, '--fetchmailrc', configuration]
  return { args, env: { HOME: home, FETCHMAILHOME: home }, folder }
}

export const fetchmail: Pop3Client = {
  name: 'fetchmail',
  programs: ['fetchmail'],
  tls: ['none', 'starttls', 'implicit'],
  remembers: true,
  fetch: (account, removes) => fetchWith('POP3', account, removes),
}
