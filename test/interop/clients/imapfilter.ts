import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../helpers/program.ts'
import type { Account } from './account.ts'

const quote = (text: string) => JSON.stringify(text)

/** Runs a script in which `account` is the account, and answers what it printed, line by line. */
export async function runImapfilter(
  { host, port, tls, user, password, caFile, home }: Account,
  script: string,
): Promise<readonly string[]> {
  const file = join(home, 'config.lua')
  const text = `options.timeout = 20
options.subscribe = true
options.create = true
options.starttls = ${tls === 'starttls'}
account = IMAP {
  server = ${quote(host)},
  port = ${port},
  username = ${quote(user)},
  password = ${quote(password)},
  ${tls === 'implicit' ? "ssl = 'auto'," : ''}
}
${script}
`
  await writeFile(file, text, { mode: 0o600 })
  const { stdout } = await run('imapfilter', ['-v', '-t', caFile, '-c', file], {
    env: { HOME: home },
  })
  return stdout.split('\n').filter(line => line !== '')
}
