import { endings } from './global-setup.ts'

/** For `globalTeardown` in jest.config. */
export default async function globalTeardown(): Promise<void> {
  for (const end of endings.splice(0)) await end()
}
