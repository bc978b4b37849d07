import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

/**
 * Programs of others that the testing library is run in, and that are no dependency of ours: `npm test` installs them
 * beside our own packages where it can, each in a folder of its own.
 */
export const npmTools = {
  jest: { packages: ['jest@30.5.2'], holds: 'jest' },
  // Its types alone: the program itself is not fetched.
  cypress: { packages: ['cypress@15.3.0'], holds: 'cypress' },
  // What the tests of smtp-tester use.
  tape: { packages: ['tape@4.9.2', 'tape-promise@2.0.1'], holds: 'tape-promise' },
} as const

export type NpmTool = keyof typeof npmTools

/** The folder of all of them, which other tests may keep things in that take long to make. */
export const TOOLS =
  process.env.MAILCATCH_TEST_TOOLS ??
  fileURLToPath(new URL('../../node_modules/.cache/mailcatch-test', import.meta.url))

/** Where a tool is, or is to be; its packages are in `node_modules` there. */
export const folderOf = (tool: NpmTool): string => join(TOOLS, tool)

export const modulesOf = (tool: NpmTool): string => join(folderOf(tool), 'node_modules')

export const isInstalled = (tool: NpmTool): boolean =>
  existsSync(join(modulesOf(tool), npmTools[tool].holds, 'package.json'))

/** Skips a test, saying so, where a tool is not there. */
export function isToolMissing(t: TestContext, tool: NpmTool): boolean {
  if (isInstalled(tool)) return false
  t.skip(`not installed: ${npmTools[tool].packages.join(' ')}`)
  return true
}
