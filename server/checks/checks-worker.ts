import { parentPort } from 'node:worker_threads'
import { sourceBytes } from '../mime/source-bytes.ts'
import type { CheckJob, CheckNews } from './check-jobs.ts'
import { runChecks } from './checks.ts'

/** The worker's side of `Checker`, which hands it one job at a time. */

const tell = (news: CheckNews): void => parentPort?.postMessage(news)

parentPort?.on('message', async ({ id, source }: CheckJob) => {
  tell({ id, is: 'begun' })
  try {
    await runChecks(sourceBytes(source), group => tell({ id, is: 'group', group }))
    tell({ id, is: 'done' })
  } catch (error) {
    tell({ id, is: 'refused', reason: error instanceof Error ? error.message : String(error) })
  }
})
