import type { TestContext } from 'node:test'
import type { HttpOptions } from '../../server/http/context.ts'
import { MailStore, type StoreOptions } from '../../server/store/mail-store.ts'
import { gatedReader } from './gated-reader.ts'
import { mail, put, startHttp } from './http-server.ts'
import { usualStore } from './store.ts'

/** A server whose parser can be held, on a store in memory. */
export async function startWaiting(
  t: TestContext,
  options: Partial<StoreOptions> & { readonly http?: Partial<HttpOptions> } = {},
) {
  const { http = {}, ...limits } = options
  const reader = gatedReader()
  const logged: string[] = []
  const store = await MailStore.open({
    ...usualStore,
    reader,
    log: line => logged.push(line),
    ...limits,
  })
  const server = await startHttp(t, { store, ...http })
  /** Resolves when so many requests wait. */
  const waiting = async (count: number): Promise<void> => {
    for (;;) {
      const { text } = await server.ask('/metrics')
      if (text.includes(`\nmailcatch_waiting ${count}\n`)) return
    }
  }
  /** Puts a mail for somebody, and answers its id. */
  const arrive = (to: string, subject: string, body = 'Hello', ...fields: string[]) =>
    put(store, mail(subject, body, ...fields).replace('ann@example.com', to), {
      envelope: { mailFrom: 'app@example.com', rcptTo: [to] },
    })
  return { ...server, store, reader, logged, waiting, arrive }
}

export type Waited = {
  readonly messages: readonly { readonly id: number; readonly subject: string }[]
  readonly message: { readonly id: number; readonly subject: string }
  readonly cursor: number
}

export const idsOf = ({ json }: { json: unknown }): number[] =>
  (json as Waited).messages.map(({ id }) => id)
