import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { readContent, readHtmlDocument } from './content.ts'
import type { Answer, Asked, Job, Results, Task, WorkerData } from './content-jobs.ts'
import { readExtract } from './extract/read-extract.ts'
import { readNestedMessage } from './nested-message.ts'
import { withFiles } from './part-files.ts'
import { readPartTree } from './part-tree.ts'
import { sourceBytes } from './source-bytes.ts'
import { readStructure } from './structure.ts'

/** The worker's side of `ContentReader`: one job after the other, urgent ones first. */

const { current } = workerData as WorkerData
const urgent: Job[] = []
const ordinary: Job[] = []
let isAtWork = false

parentPort?.on('message', (job: Job) => {
  ;(job.isUrgent ? urgent : ordinary).push(job)
  if (!isAtWork) void work()
})

async function work(): Promise<void> {
  isAtWork = true
  for (let job = next(); job; job = next()) {
    Atomics.store(current, 0, job.id)
    parentPort?.postMessage(await answer(job))
    Atomics.store(current, 0, 0)
    // Lets an urgent job that has come meanwhile in.
    await setImmediate()
  }
  isAtWork = false
}

function next(): Job | undefined {
  return urgent.shift() ?? ordinary.shift()
}

async function answer({ id, task, source, asked }: Job): Promise<Answer> {
  try {
    return { id, result: await TASKS[task](sourceBytes(source), asked) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

const TASKS: {
  readonly [T in Task]: (raw: Buffer, asked: Asked) => Results[T] | Promise<Results[T]>
} = {
  content: readContent,
  extract: readExtract,
  html: readHtmlDocument,
  structure: raw => withFiles(raw, readStructure(raw)),
  parts: readPartTree,
  nested: (raw, { part = '' }) => readNestedMessage(raw, part),
  // Loaded when first needed: few ask for it.
  selected: async (raw, { css = '' }) => (await import('./select.ts')).readSelected(raw, css),
}
