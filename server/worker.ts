import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a worker thread by the path of its entry under `server/`, without extension: `mime/content-worker`.
 * In the bundle all entries lie beside one another. From source the entry must come through tsx, which hooks
 * itself into the main thread only: the worker registers it first.
 */
export function startWorker(entry: string, options: WorkerOptions = {}): Worker {
  const here = import.meta.url
  if (!here.endsWith('.ts')) {
    return new Worker(new URL(`./${entry.slice(entry.lastIndexOf('/') + 1)}.js`, here), options)
  }
  const tsx = import.meta.resolve('tsx/esm/api')
  const source = new URL(`./${entry}.ts`, here).href
  const start = `import { register } from '${tsx}'; register(); await import('${source}')`
  const url = new URL(`data:text/javascript,${encodeURIComponent(start)}`)
  return new Worker(url, { ...options, execArgv: [] })
}
