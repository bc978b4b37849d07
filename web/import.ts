import { signal } from '@preact/signals'
import type { Imported, Problem } from '../server/http/resources.ts'
import { importUrl } from './api.ts'
import { formatSize } from './format.ts'
import { whyReadOnly } from './live.ts'
import { stats } from './server-stats.ts'
import { laterStrings } from './strings-later.ts'

/** A file on its way into the inbox. `failed` may go together with messages that were taken. */
export type Import = {
  readonly key: number
  readonly name: string
  /** Octets. */
  readonly size: number
  /** 0 … 1 of them sent. */
  readonly progress: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  /** Messages that are in the inbox now. */
  readonly count: number
  /** What went wrong, in the order of the file. */
  readonly faults: readonly string[]
}

/** The files of the last import, in their order. */
export const imports = signal<readonly Import[]>([])
const words = laterStrings.import

/** Files at a time: the server takes them one after the other anyway, and the messages keep the files' order. */
let isWorking = false
let nextKey = 1
const waiting: { readonly key: number; readonly file: File }[] = []
/** So many files are taken at once. */
const most = 1_000

const patch = (key: number, changes: Partial<Import>): void => {
  imports.value = imports.value.map(one => (one.key === key ? { ...one, ...changes } : one))
}

/** A name that says "message" is believed: some programs leave a From_ line in front of one. */
const isMbox = async (file: File): Promise<boolean> =>
  !/\.eml$/i.test(file.name) && (await file.slice(0, 5).text()) === 'From '

type Answer = { readonly status: number; readonly body: unknown }

/** Sends a file. Only this old way of asking tells how far it is. */
const send = (file: File, type: string, onProgress: (part: number) => void): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', importUrl())
    request.setRequestHeader('content-type', type)
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total)
    })
    request.addEventListener('load', () =>
      resolve({ status: request.status, body: request.response as unknown }),
    )
    request.addEventListener('error', () => reject(new Error(words.noAnswer)))
    request.addEventListener('abort', () => reject(new Error(words.noAnswer)))
    request.send(file)
  })

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'detail' in body

const isImported = (body: unknown): body is Imported =>
  typeof body === 'object' && body !== null && 'imported' in body

/** Why a file is not even sent; null where it is. */
const refusal = (file: File, isMany: boolean): string | null => {
  if (file.size === 0) return words.empty
  const limits = stats.value?.limits
  if (!limits) return null
  const limit = isMany ? Math.max(limits.maxBytes, limits.maxMessageSize) : limits.maxMessageSize
  return file.size > limit ? words.tooLarge(formatSize(file.size), formatSize(limit)) : null
}

const importFile = async (key: number, file: File): Promise<void> => {
  const isMany = await isMbox(file)
  const refused = refusal(file, isMany)
  if (refused !== null) {
    patch(key, { state: 'failed', faults: [refused] })
    return
  }
  patch(key, { state: 'sending' })
  const type = isMany ? 'application/mbox' : 'message/rfc822'
  const { status, body } = await send(file, type, progress => patch(key, { progress }))
  if (status !== 201) {
    throw new Error(isProblem(body) ? body.detail : words.answered(status))
  }
  if (!isImported(body)) {
    patch(key, { state: 'done', progress: 1, count: 1 })
    return
  }
  const { imported, failed, failures } = body
  const faults = failed.map(({ message, reason }) => words.messageFailed(message, reason))
  if (failures > failed.length) faults.push(words.moreFailed(failures - failed.length))
  patch(key, {
    state: failures > 0 ? 'failed' : 'done',
    progress: 1,
    count: imported,
    faults,
  })
}

const work = async (): Promise<void> => {
  if (isWorking) return
  isWorking = true
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { key, file } = next
    try {
      await importFile(key, file)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      patch(key, { state: 'failed', faults: [reason] })
    }
  }
  isWorking = false
}

/** Puts files into the inbox, each a message or an mbox, in their order. */
export const importFiles = (files: readonly File[]): void => {
  if (whyReadOnly.value || files.length === 0) return
  if (!isWorking) imports.value = []
  const taken = files.slice(0, most).map(file => ({ key: nextKey++, file }))
  const left = files.length - taken.length
  imports.value = [
    ...imports.value,
    ...taken.map(
      ({ key, file: { name, size } }): Import => ({
        key,
        name,
        size,
        progress: 0,
        state: 'waiting',
        count: 0,
        faults: [],
      }),
    ),
    ...(left > 0
      ? [
          {
            key: nextKey++,
            name: words.moreFiles(left),
            size: 0,
            progress: 0,
            state: 'failed',
            count: 0,
            faults: [words.tooMany(most)],
          } as const,
        ]
      : []),
  ]
  waiting.push(...taken)
  void work()
}
