import { startShared } from '../shared-server.ts'

/** Ends what global-setup started; Jest runs the two in one process, and hands nothing from one to the other. */
export const endings: (() => Promise<void>)[] = []

/** For `globalSetup` in jest.config: one Mailcatch for all workers. */
export default async function globalSetup(): Promise<void> {
  endings.push(await startShared())
}
