import type { TestContext } from 'node:test'
import { createLog } from '../../server/log.ts'
import { openSecureContext } from '../../server/net/tls.ts'
import { type SmtpOptions, serveSmtp } from '../../server/smtp/server.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { Reception } from '../../server/store/message.ts'
import type { StoreFs } from '../../server/store/store-fs.ts'
import { usualStore } from './store.ts'

const secureContext = await openSecureContext({
  directory: '/nowhere',
  memory: true,
  names: [],
  tlsCert: null,
  tlsKey: null,
  log: createLog('quiet'),
})

export type Mail = { readonly reception: Reception; readonly raw: string }

/** An SMTP server on a free port with a store in memory, until the test ends. */
export async function startSmtp(
  t: TestContext,
  { fs, ...options }: Partial<SmtpOptions> & { readonly fs?: StoreFs } = {},
) {
  const lines: string[] = []
  const log = createLog('verbose', line => lines.push(line))
  const maxMessageSize = options.maxMessageSize ?? 1024 * 1024
  const store = await MailStore.open({
    ...usualStore,
    maxMessageSize,
    log: line => lines.push(line),
    ...(fs && { fs }),
  })
  const server = await serveSmtp({
    store,
    port: 0,
    host: null,
    secureContext,
    auth: null,
    maxMessageSize,
    maxRecipients: 1000,
    log,
    ...options,
  })
  t.after(async () => {
    await server.close()
    await store.close()
  })
  return {
    ...server,
    store,
    /** What was logged. */
    lines,
    /** Everything in the store, oldest first. */
    async mails(): Promise<readonly Mail[]> {
      const mails: Mail[] = []
      for (const id of await store.match({})) {
        const raw = await store.rawBytes(id)
        const reception = await store.reception(id)
        if (!raw || !reception) throw new Error(`message ${id} is gone`)
        mails.push({ reception, raw: raw.toString('latin1') })
      }
      return mails
    },
    /** Resolves when so many messages are in the store. */
    async arrived(count: number): Promise<void> {
      if (store.total >= count) return
      await new Promise<void>(resolve => {
        const stop = store.subscribe(() => {
          if (store.total < count) return
          stop()
          resolve()
        })
      })
    },
  }
}
