import { effect, signal, untracked } from '@preact/signals'
import { openMessage } from './actions.ts'
import { announce } from './announce.ts'
import { listState, rowAt } from './inbox.ts'
import { openId } from './message.ts'
import { route } from './route.ts'
import { strings } from './strings.ts'

/** Whether the newest message of the list is opened as it comes. */
export const isFollowing = signal(false)

/** The message that following has opened last. */
let followed: number | null = null

const stop = (): void => {
  isFollowing.value = false
  followed = null
}

export const toggleFollowing = (): void => {
  if (isFollowing.value) stop()
  else isFollowing.value = true
  announce(isFollowing.value ? strings.attention.following : strings.attention.notFollowing)
}

/** Milliseconds in which a burst is one step. */
const pause = 100

/** Opens what is newest while that is wanted; to open another message, or to go elsewhere, ends it. */
export const startFollowing = (): void => {
  let timer: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    if (!isFollowing.value || listState.value.is !== 'ready') return
    const newest = rowAt(0)?.id
    if (newest === undefined || newest === followed) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (!isFollowing.value) return
      followed = newest
      openMessage(newest, openId.value === null ? 'push' : 'replace')
    }, pause)
  })
  effect(() => {
    const id = openId.value
    const { page } = route.value
    untracked(() => {
      if (isFollowing.value && followed !== null && (id !== followed || page !== 'message')) stop()
    })
  })
}
