import { startMailcatch } from './start.ts'

/**
 * Starts the one Mailcatch of a test run, and names it in MAILCATCH_URL for the workers that come after. Where that is
 * set already, it is used. Resolves with what ends it.
 */
export async function startShared(): Promise<() => Promise<void>> {
  if (process.env.MAILCATCH_URL) return async () => {}
  const mailcatch = await startMailcatch()
  process.env.MAILCATCH_URL = mailcatch.url
  return async () => {
    delete process.env.MAILCATCH_URL
    await mailcatch.close()
  }
}
