import highlightWorker from './highlight-worker.ts?worker&url'

/** The part of Trusted Types that is used here; not every browser has them. */
type Policies = {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown }
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes

/** The page's one policy: a script comes from our own worker files, whose names hold their hashes, or not at all. */
const policy = policies?.createPolicy('mailcatch-worker', {
  createScriptURL(url) {
    if (url !== highlightWorker) throw new TypeError('Not a worker of this page')
    return url
  },
})

/** Starts the worker that colours a source. */
export const startHighlightWorker = (): Worker => {
  const url = policy ? policy.createScriptURL(highlightWorker) : highlightWorker
  return new Worker(url as string, { type: 'module' })
}
