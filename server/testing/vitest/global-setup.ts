import { startShared } from '../shared-server.ts'

/**
 * For `globalSetup` in vitest.config: one Mailcatch for all workers.
 *
 * @returns what Vitest calls at the end
 */
export const setup = (): Promise<() => Promise<void>> => startShared()
