import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import Pop3Command from 'node-pop3'
import type { Pop3Client } from './account.ts'

/** It has no STLS. It leaves stuffed dots as they are, and the last line end out where it comes with the
 * terminator. */
export const nodePop3: Pop3Client = {
  name: 'node-pop3',
  programs: [],
  tls: ['none', 'implicit'],
  remembers: false,
  async fetch({ host, port, tls, user, password, caFile }, removes) {
    const ca = await readFile(caFile, 'utf8')
    const client = new Pop3Command({
      host,
      port,
      user,
      password,
      tls: tls === 'implicit',
      timeout: 10_000,
      // Its type says what a server takes; it is given to tls.connect.
      tlsOptions: { ca } as object,
    })
    const mails: Buffer[] = []
    const listed = await client.LIST()
    for (const [number = '', size] of listed as string[][]) {
      const [, stream] = await client.command('RETR', number)
      const text = (await buffer(stream)).toString('latin1').replace(/^\.\./gm, '.')
      const isCut = text.length === Number(size) - 2
      mails.push(Buffer.from(isCut ? `${text}\r\n` : text, 'latin1'))
      if (removes) await client.command('DELE', number)
    }
    await client.QUIT()
    return mails
  },
}
