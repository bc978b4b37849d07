import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Tells how long a server held its event loop: the longest that another client had to wait for the answer to NOOP. */
export type Pinger = {
  /** Resolves with milliseconds, since it was asked before. */
  longest(): Promise<number>
  stop(): Promise<void>
}

export const startPinger = async (port: number): Promise<Pinger> => {
  const program = fileURLToPath(new URL('ping.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program, `${port}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const pinger: Pinger = {
    async longest() {
      child.stdin.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error('the pinger has ended')
      return Number(value)
    },
    async stop() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
  // It is at work when it answers.
  await pinger.longest()
  return pinger
}
