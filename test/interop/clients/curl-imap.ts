import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../helpers/program.ts'
import type { Account } from './account.ts'

/** What one run of curl prints for a path behind the server's URL, such as `INBOX;MAILINDEX=1`. */
export async function curlImap(
  { host, port, tls, user, password, caFile, home }: Account,
  path: string,
  { request, upload }: { readonly request?: string; readonly upload?: Uint8Array } = {},
): Promise<string> {
  const args = ['--silent', '--show-error', '--user', `${user}:${password}`]
  if (tls !== 'none') args.push('--cacert', caFile)
  if (tls === 'starttls') args.push('--ssl-reqd')
  if (request !== undefined) args.push('--request', request)
  if (upload !== undefined) {
    // A pipe has no size, which APPEND needs.
    const file = join(home, 'upload.eml')
    await writeFile(file, upload)
    args.push('--upload-file', file)
  }
  args.push(`${tls === 'implicit' ? 'imaps' : 'imap'}://${host}:${port}/${path}`)
  const { bytes } = await run('curl', args)
  return bytes.toString('latin1')
}
