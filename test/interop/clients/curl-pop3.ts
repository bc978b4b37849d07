import { run } from '../../helpers/program.ts'
import type { Pop3Client } from './account.ts'

/** curl does what one URL says: LIST without a number, RETR with one, any command by `--request`. */
export const curl: Pop3Client = {
  name: 'curl',
  programs: ['curl'],
  tls: ['none', 'starttls', 'implicit'],
  remembers: false,
  async fetch({ host, port, tls, user, password, caFile }, removes) {
    const base = `${tls === 'implicit' ? 'pop3s' : 'pop3'}://${host}:${port}/`
    const common = ['--silent', '--show-error', '--user', `${user}:${password}`]
    if (tls !== 'none') common.push('--cacert', caFile)
    if (tls === 'starttls') common.push('--ssl-reqd')
    const ask = async (...args: string[]) => (await run('curl', [...common, ...args])).bytes

    const listed = (await ask(base)).toString('latin1')
    const numbers = [...listed.matchAll(/^(\d+) \d+\r?$/gm)].map(([, number]) => number)
    const mails: Buffer[] = []
    for (const number of numbers) mails.push(await ask(`${base}${number}`))
    if (removes) {
      // Number 1 again and again: each run of curl is a session, and ends with QUIT.
      for (const _ of numbers) await ask('--head', '--request', 'DELE 1', base)
    }
    return mails
  },
}
