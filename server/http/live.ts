import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { isMessageChange } from '../store/changes.ts'
import type { MailStore } from '../store/mail-store.ts'
import { firstFrame, Pending } from './frames.ts'
import type { Frame } from './resources.ts'

/** Octets that may wait for a slow reader before it is given up. */
export const backlogLimit = 1_000_000
/** Milliseconds between two frames: under load, where they gather, and else. */
const pace = { load: 50, light: 10 } as const
/** More changes than this in the time of a frame are load. */
const lightChanges = 8
/** Milliseconds between two signs of life. */
const heartbeat = 30_000

/** One reader of the event stream, whatever carries it. */
export type Reader = {
  /** Sends a frame; false where the reader was given up. */
  send(frame: Encoded): boolean
  /** Shows that the connection is there; false where the reader has not answered the last time. */
  beat(): boolean
  /** The server ends. */
  close(): void
}

/** A frame as octets, made once for all readers. */
export type Encoded = { readonly json: Buffer; readonly event: Buffer }

/** Tells every reader of each change: at once when it is quiet, gathered when it is not. */
export class Live {
  readonly #store: MailStore
  readonly #readers = new Set<Reader>()
  readonly #pending = new Pending()
  readonly #unsubscribe: () => void
  readonly #heart: NodeJS.Timeout
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the last frame went out, in milliseconds of the monotonic clock. */
  #lastFrame = 0
  /** Until when the changes so far would keep us busy at the highest rate that is no load. */
  #busyUntil = 0
  #isClosed = false

  constructor(store: MailStore) {
    this.#store = store
    this.#unsubscribe = store.subscribe(({ changes }) => {
      if (this.#readers.size === 0 || !changes.some(isMessageChange)) return
      this.#pending.add(changes)
      this.#schedule(changes.length)
    })
    this.#heart = setInterval(() => {
      for (const reader of this.#readers) if (!reader.beat()) this.#readers.delete(reader)
    }, heartbeat).unref()
  }

  /** How many readers there are. */
  get size(): number {
    return this.#readers.size
  }

  /** Takes a reader in and tells it where it stands. Everything after that frame reaches it. */
  add(reader: Reader, after: string | undefined): void {
    if (this.#isClosed) {
      reader.close()
      return
    }
    // What waits is part of the first frame already; told again it would be a repetition.
    this.#flush()
    if (reader.send(encode(firstFrame(this.#store, after)))) this.#readers.add(reader)
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader)
  }

  close(): void {
    this.#isClosed = true
    this.#unsubscribe()
    clearInterval(this.#heart)
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    for (const reader of this.#readers) reader.close()
    this.#readers.clear()
  }

  #schedule(changes: number): void {
    const now = performance.now()
    const busyUntil = Math.max(this.#busyUntil, now) + (changes * pace.load) / lightChanges
    // A burst is soon forgotten.
    this.#busyUntil = Math.min(busyUntil, now + 2 * pace.load)
    if (this.#immediate || this.#timer) return
    const isLoad = this.#busyUntil - now > pace.load
    const wait = this.#lastFrame + (isLoad ? pace.load : pace.light) - now
    // Not in the step that tells us: it is the one that acknowledges mail.
    if (wait <= 0) this.#immediate = setImmediate(() => this.#flush())
    else this.#timer = setTimeout(() => this.#flush(), wait)
  }

  #flush(): void {
    clearImmediate(this.#immediate)
    clearTimeout(this.#timer)
    this.#immediate = this.#timer = undefined
    if (this.#pending.isEmpty) return
    this.#lastFrame = performance.now()
    const frame = encode(this.#pending.take(this.#store))
    for (const reader of this.#readers) if (!reader.send(frame)) this.#readers.delete(reader)
  }
}

function encode(frame: Frame): Encoded {
  const json = Buffer.from(JSON.stringify(frame))
  // JSON.stringify writes no line breaks, so one data field holds it.
  const event = Buffer.concat([Buffer.from(`id: ${frame.feed}\ndata: `), json, Buffer.from('\n\n')])
  return { json, event }
}

/** A WebSocket as a reader. It is told things; what it says itself ends it. */
export function socketReader(socket: WebSocket, live: Live): Reader {
  let isAlive = true
  const reader: Reader = {
    send({ json }) {
      if (socket.readyState !== WebSocket.OPEN) return false
      if (socket.bufferedAmount > backlogLimit) {
        socket.close(1013, 'too slow')
        return false
      }
      socket.send(json, { binary: false })
      return true
    },
    beat() {
      if (!isAlive) {
        socket.terminate()
        return false
      }
      isAlive = false
      socket.ping()
      return true
    },
    close: () => socket.close(1001, 'closing'),
  }
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('message', () => socket.close(1008, 'nothing is expected from you'))
  // ws closes by itself after a protocol error; unheard, it would end the process.
  socket.on('error', () => live.remove(reader))
  socket.on('close', () => live.remove(reader))
  return reader
}

/** Server-Sent Events as a reader. */
export function eventStream(live: Live, after: string | undefined, socket: Socket): Response {
  let reader: Reader | undefined
  const beat = Buffer.from(':\n\n')
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const enqueue = (bytes: Uint8Array): boolean => {
          if ((controller.desiredSize ?? 0) <= 0) {
            socket.destroy()
            return false
          }
          controller.enqueue(bytes)
          return true
        }
        reader = {
          send: ({ event }) => enqueue(event),
          beat: () => enqueue(beat),
          close: () => controller.close(),
        }
        live.add(reader, after)
      },
      cancel() {
        if (reader) live.remove(reader)
      },
    },
    { highWaterMark: backlogLimit, size: chunk => chunk.length },
  )
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  })
}
