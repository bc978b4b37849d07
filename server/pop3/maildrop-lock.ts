import type { Account } from '../store/account.ts'

type Waiter = () => void

/** Who waits for each account that a session has locked. */
const locked = new WeakMap<Account, Set<Waiter>>()

/**
 * Locks the maildrop of an account for one session of POP3, whichever port it came by (RFC 1939 §4). A session that is
 * about to end may leave it free: waits so many milliseconds for that. Resolves with what unlocks it, null where it is in use.
 */
export async function lockMaildrop(account: Account, patience: number): Promise<Waiter | null> {
  const waiters = locked.get(account)
  if (waiters && !(await isHandedOver(waiters, patience))) return null
  if (!waiters) locked.set(account, new Set())
  return () => unlock(account)
}

/** The one who waits the longest is next. */
function unlock(account: Account): void {
  const waiters = locked.get(account)
  const [next] = waiters ?? []
  if (next) next()
  else locked.delete(account)
}

function isHandedOver(waiters: Set<Waiter>, patience: number): Promise<boolean> {
  return new Promise(resolve => {
    const settle = (isOurs: boolean) => {
      clearTimeout(timer)
      waiters.delete(take)
      resolve(isOurs)
    }
    const take = () => settle(true)
    const timer = setTimeout(settle, patience, false).unref()
    waiters.add(take)
  })
}
