import { fileURLToPath } from 'node:url'
import { run } from '../../helpers/program.ts'
import type { Account } from './account.ts'

const SCRIPT = fileURLToPath(new URL('./imaplib-client.py', import.meta.url))

/** Every command of Python's imaplib over an INBOX of three messages; rejects with Python's own word where one fails. */
export async function driveImaplib(account: Account): Promise<void> {
  const { host, port, tls, user, password, caFile } = account
  await run('python3', ['-B', SCRIPT, host, String(port), tls, user, password, caFile])
}
