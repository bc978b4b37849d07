import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from './account.ts'
import { Terminal } from './terminal.ts'

export type Mutt = 'mutt' | 'neomutt'

/** Opens the INBOX in a terminal; `commands` are given to it as `-e`. */
export async function openMutt(
  program: Mutt,
  { host, port, tls, user, password, caFile, home }: Account,
  commands: readonly string[] = [],
): Promise<Terminal> {
  const base = `${tls === 'implicit' ? 'imaps' : 'imap'}://${host}:${port}/`
  const configuration = `set folder = "${base}"
set spoolfile = "+INBOX"
set imap_user = "${user}"
set imap_pass = "${password}"
set ssl_ca_certificates_file = "${caFile}"
set certificate_file = "${home}/certificates"
set ssl_starttls = ${tls === 'starttls' ? 'yes' : 'no'}
set ssl_force_tls = ${tls === 'none' ? 'no' : 'yes'}
set imap_idle = yes
set imap_check_subscribed = no
set mail_check = 1
set timeout = 1
set sleep_time = 0
set quit = yes
set delete = yes
set move = no
set mark_old = no
set confirmappend = no
set confirmcreate = no
set wait_key = no
set beep = no
set sort = mailbox-order
set index_format = "%4C %Z %s"
set record = ""
`
  const file = join(home, `${program}rc`)
  await writeFile(file, configuration, { mode: 0o600 })
  const given = commands.flatMap(command => ['-e', command])
  return Terminal.open([program, '-n', '-F', file, ...given, '-f', `${base}INBOX`], { HOME: home })
}
