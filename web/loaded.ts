import { effect, type ReadonlySignal, signal } from '@preact/signals'
import { ApiError } from './api.ts'

/** Something that is read while it is looked at. */
export type Loaded<T> =
  | { readonly is: 'loading' }
  | { readonly is: 'ready'; readonly value: T }
  | { readonly is: 'failed'; readonly error: ApiError }

export type Loading<T> = {
  readonly state: ReadonlySignal<Loaded<T>>
  /** Reads again. */
  readonly reload: () => void
}

export const asError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(0, null, { cause: error })

/** Reads what `key` names whenever it names something else; null names nothing, and ends what is under way. */
export const loading = <K extends string | number, T>(
  key: ReadonlySignal<K | null>,
  read: (key: K, signal: AbortSignal) => Promise<T>,
): Loading<T> => {
  const state = signal<Loaded<T>>({ is: 'loading' })
  const turn = signal(0)
  effect(() => {
    turn.value
    const wanted = key.value
    state.value = { is: 'loading' }
    if (wanted === null) return
    const mine = new AbortController()
    read(wanted, mine.signal).then(
      value => {
        if (!mine.signal.aborted) state.value = { is: 'ready', value }
      },
      (error: unknown) => {
        if (!mine.signal.aborted) state.value = { is: 'failed', error: asError(error) }
      },
    )
    return () => mine.abort()
  })
  return { state, reload: () => (turn.value += 1) }
}
