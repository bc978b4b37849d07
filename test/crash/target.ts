import type { EntryPatch, MailStore } from '../../server/store/mail-store.ts'

/** A store as the load sees it, here or in another process. Whatever resolves was acknowledged. */
export type Target = {
  /** Resolves with the number. */
  deliver(raw: Buffer, rcptTo: readonly string[]): Promise<number>
  /** Begins a message and does not end it. */
  abandon(raw: Buffer): Promise<void>
  update(ids: readonly number[], patch: EntryPatch): Promise<void>
  remove(ids: readonly number[]): Promise<void>
}

/** A store in this process. */
export const storeTarget = (store: MailStore): Target => {
  const begin = async (raw: Buffer, rcptTo: readonly string[]) => {
    const arrival = store.receive({
      envelope: { mailFrom: 'app@example.com', rcptTo },
      listener: 'smtp',
    })
    try {
      for (let at = 0; at < raw.length; at += 60_000)
        await arrival.write(raw.subarray(at, at + 60_000))
    } catch (error) {
      await arrival.abort()
      throw error
    }
    return arrival
  }
  return {
    deliver: async (raw, rcptTo) => (await (await begin(raw, rcptTo)).commit()).number,
    abandon: async raw => (await begin(raw, ['ann@example.org'])).abort(),
    update: async (ids, patch) => {
      await store.update(ids, patch)
    },
    remove: async ids => {
      await store.remove(ids)
    },
  }
}
