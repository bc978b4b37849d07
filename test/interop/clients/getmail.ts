import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { run, says, startTied } from '../../helpers/program.ts'
import { type Account, filesIn, makeDelivery, type Pop3Client } from './account.ts'

/** Fetches by POP3 or IMAP and hands every message to a program. */
export async function getWith(
  protocol: 'POP3' | 'IMAP',
  account: Account,
  removes: boolean,
): Promise<readonly Buffer[]> {
  const { args, env, folder } = await prepare(protocol, account, removes)
  await run('getmail', args, { env })
  return delivered(folder)
}

/** Waits by IDLE for what comes when `send` is called, and answers it. */
export async function getIdling(
  account: Account,
  send: () => Promise<void>,
): Promise<readonly Buffer[]> {
  const { args, env, folder } = await prepare('IMAP', account, false)
  const getmail = startTied('getmail', ['--trace', '--idle', 'INBOX', ...args], {
    env: { ...process.env, ...env },
    // Told to end while it idles, it may wait for five minutes first.
    signal: 'KILL',
  })
  try {
    const output = getmail.streams[1] as Readable
    await says(output, /Entering IDLE mode/)
    // It may say it before the sender knows that the message is there.
    await Promise.all([says(output, /delivered to/), send()])
    return await delivered(folder)
  } finally {
    await getmail.end()
  }
}

async function prepare(
  protocol: 'POP3' | 'IMAP',
  { host, port, tls, user, password, caFile, home }: Account,
  removes: boolean,
) {
  const { program, folder } = await makeDelivery(home)
  const configuration = join(home, 'getmailrc')
  const text = `[retriever]
type = Simple${protocol}${tls === 'none' ? '' : 'SSL'}Retriever
server = ${host}
port = ${port}
username = ${user}
password = ${password}
${tls === 'none' ? '' : `ca_certs = ${caFile}`}
[destination]
type = MDA_external
path = ${program}
allow_root_commands = true
[options]
read_all = false
delete = ${removes}
delivered_to = false
received = false
verbose = 2
`
  await writeFile(configuration, text, { mode: 0o600 })
  const args = ['--getmaildir', home, '--rcfile', configuration]
  // It tells at once what it does.
  return { args, env: { HOME: home, PYTHONUNBUFFERED: '1' }, folder }
}

/** Without the fields that it adds. */
async function delivered(folder: string): Promise<readonly Buffer[]> {
  const mails = await filesIn(folder)
  return mails.map(mail => {
    const text = mail.toString('latin1').replace(/^Return-Path: <unknown>\n/, '')
    return Buffer.from(text.replace(/^X-getmail-retrieved-from-mailbox: .*\n/m, ''), 'latin1')
  })
}

/** It has no STLS. */
export const getmail: Pop3Client = {
  name: 'getmail6',
  programs: ['getmail'],
  tls: ['none', 'implicit'],
  remembers: true,
  fetch: (account, removes) => getWith('POP3', account, removes),
}
