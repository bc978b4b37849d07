import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Content, ContentSource } from '../mime/content.ts'
import type { Extract } from '../mime/extract/extract.ts'
import type { holdsText } from '../mime/find-text.ts'
import { type Header, readHeader } from '../mime/header.ts'
import { answer, type SentProbe } from './probe.ts'
import type {
  Asked,
  AskedMessage,
  Fields,
  SearchJob,
  SearchResult,
  SearchWorkerData,
} from './search-jobs.ts'
import { TextScan } from './text-scan.ts'
import { Texts } from './texts.ts'

/** The worker's side of `Searcher`: one job after the other. */

const { progress } = workerData as SearchWorkerData
const jobs: SearchJob[] = []
let isAtWork = false

parentPort?.on('message', (job: SearchJob) => {
  jobs.push(job)
  if (!isAtWork) void work()
})

async function work(): Promise<void> {
  isAtWork = true
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    Atomics.store(progress, 0, job.id)
    parentPort?.postMessage(await resultOf(job))
    Atomics.store(progress, 0, 0)
    // Lets messages in.
    await setImmediate()
  }
  isAtWork = false
}

async function resultOf(job: SearchJob): Promise<SearchResult> {
  if (job.kind === 'scan') return { id: job.id, kind: job.kind, ...scan(job.path, job.words) }
  if (job.kind === 'fields') {
    const fields = job.sources.map(source => fieldsOf(source, job.names))
    return { id: job.id, kind: job.kind, fields }
  }
  const asked: Asked[] = []
  for (const message of job.messages) {
    Atomics.add(progress, 1, 1)
    asked.push(await ask(message, job.probes))
  }
  return { id: job.id, kind: job.kind, asked }
}

/** One piece of memory for all files: a record of search text is far smaller. */
const window = Buffer.allocUnsafeSlow(1024 * 1024)
const headLength = 64 * 1024

function scan(path: string, words: readonly string[]) {
  const found = new TextScan(words)
  let error: string | null = null
  try {
    const file = openSync(path, 'r')
    try {
      for (let kept = 0; ; ) {
        const length = kept + readSync(file, window, kept, window.length - kept, null)
        const taken = found.take(window.subarray(0, length))
        if (taken === 0) break
        window.copyWithin(0, taken, length)
        kept = length - taken
      }
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    if (code !== 'ENOENT') error = message
  }
  return { answers: found.answers, error }
}

function fieldsOf(source: ContentSource, names: readonly string[]): Fields {
  Atomics.add(progress, 1, 1)
  try {
    const header = readHeaderOf(source) ?? readHeader(bytesOf(source))
    return names.map(name => header.first(name)?.text ?? null)
  } catch (error) {
    return { error: (error as Error).message }
  }
}

async function ask(
  { source, isParsed, values }: AskedMessage,
  probes: readonly SentProbe[],
): Promise<Asked> {
  try {
    let raw: Buffer | undefined
    const bytes = () => {
      raw ??= bytesOf(source)
      return raw
    }
    let content: Promise<Content | null> | undefined
    let header: Header | undefined
    const answers: boolean[] = []
    // What several probes look at comes as one list, and is folded once.
    const known = new Map<readonly string[], Texts>()
    const textsOf = (list: readonly string[]): Texts => {
      const texts = known.get(list) ?? new Texts(list)
      known.set(list, texts)
      return texts
    }
    for (const [index, probe] of probes.entries()) {
      answers.push(
        await answer(probe, {
          content: () => {
            content ??= isParsed ? readContentOf(bytes()) : Promise.resolve(null)
            return content
          },
          extract: async () => (isParsed ? readExtractOf(bytes()) : null),
          header: () => {
            header ??= readHeaderOf(source) ?? readHeader(bytes())
            return header
          },
          holds: (wanted, where) => holdsTextOf(bytes(), wanted, where),
          values: textsOf(values[index] ?? []),
        }),
      )
    }
    return answers
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** The header of a file, where it lies within the first octets: most messages need not be read whole for it. */
function readHeaderOf(source: ContentSource): Header | null {
  if (!('path' in source)) return null
  const file = openSync(source.path, 'r')
  try {
    const length = readSync(file, window, 0, headLength, source.start)
    const header = readHeader(window.subarray(0, length))
    return header.isComplete || length < headLength ? header : null
  } finally {
    closeSync(file)
  }
}

/** Loaded when first needed: the parser is the greater part of this thread's memory. */
async function readContentOf(bytes: Buffer): Promise<Content> {
  const { readContent } = await import('../mime/content.ts')
  return readContent(bytes)
}

async function readExtractOf(bytes: Buffer): Promise<Extract> {
  const { readExtract } = await import('../mime/extract/read-extract.ts')
  return readExtract(bytes)
}

/** Loaded when first needed, as well; and only then, since asking for it takes longer than reading a message. */
let findText: Promise<typeof import('../mime/find-text.ts')> | undefined

async function holdsTextOf(...args: Parameters<typeof holdsText>): Promise<boolean> {
  findText ??= import('../mime/find-text.ts')
  return (await findText).holdsText(...args)
}

function bytesOf(source: ContentSource): Buffer {
  if ('path' in source) return readFileSync(source.path).subarray(source.start)
  const { buffer, byteOffset, byteLength } = source.bytes
  return Buffer.from(buffer, byteOffset, byteLength)
}
