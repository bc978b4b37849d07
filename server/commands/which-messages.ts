/** The options that say which messages a command is about. */
export type Which = {
  readonly to: string | null
  readonly from: string | null
  readonly rcpt: string | null
  readonly subject: string | null
  readonly tag: string | null
  readonly inbox: string | null
  readonly unread: boolean
}

/** The matcher as parameters of a call; empty where every message is meant. `words` are a search. */
export function matcherOf(which: Which, words: readonly string[]): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const key of ['to', 'from', 'rcpt', 'subject', 'tag', 'inbox'] as const) {
    const value = which[key]
    if (value !== null) parameters.set(key, value)
  }
  if (which.unread) parameters.set('unread', 'true')
  const search = words.join(' ').trim()
  if (search !== '') parameters.set('q', search)
  return parameters
}
