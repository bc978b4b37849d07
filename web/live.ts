import { computed, signal } from '@preact/signals'
import type { Frame } from '../server/http/resources.ts'
import { eventsUrl } from './api.ts'
import { backoff } from './backoff.ts'
import { common } from './strings/common.ts'

/**
 * `connecting`: for the first time; `live`; `reconnecting`: lost a moment ago; `offline`: several tries have
 * failed, or the browser says so. Tries go on in every state but `live`.
 */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'offline'

const state = signal<LiveState>('connecting')
export const liveState = computed(() => state.value)
export const isLive = computed(() => state.value === 'live')
/** Why nothing can be changed just now; null while it can. */
export const whyReadOnly = computed(() =>
  state.value === 'live' || state.value === 'connecting' ? null : common.readOnly,
)

/** Failed tries after which it is called offline. */
const patience = 4

let after = ''
let tries = 0
let socket: WebSocket | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let onFrame: (frame: Frame, before: string) => void = () => {}

const open = (): void => {
  clearTimeout(timer)
  const mine = new WebSocket(eventsUrl(after))
  socket = mine
  mine.addEventListener('message', event => {
    const frame: Frame = JSON.parse(String(event.data))
    const before = after
    after = frame.feed
    tries = 0
    state.value = 'live'
    onFrame(frame, before)
  })
  mine.addEventListener('close', () => {
    if (socket !== mine) return
    socket = null
    tries += 1
    state.value = tries < patience && navigator.onLine ? 'reconnecting' : 'offline'
    timer = setTimeout(open, backoff(tries, Math.random()))
  })
}

/** Tries at once. */
export const retry = (): void => {
  if (socket?.readyState === WebSocket.OPEN) return
  const dead = socket
  socket = null
  dead?.close()
  open()
}

/** Follows the feed for as long as the page lives. `before` is the position of the frame before. */
export const follow = (listener: (frame: Frame, before: string) => void): void => {
  onFrame = listener
  addEventListener('online', retry)
  open()
}
