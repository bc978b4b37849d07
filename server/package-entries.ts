/** The ways into the released package, each with what it is built from. */

/** Each becomes a file of this name in the package; what they share or load lazily becomes chunks beside them. */
const MAIN = {
  cli: 'server/cli.ts',
  index: 'server/index.ts',
  'content-worker': 'server/mime/content-worker.ts',
  'search-worker': 'server/store/search-worker.ts',
  'checks-worker': 'server/checks/checks-worker.ts',
}

/** Jest loads nothing but CommonJS in its tests, unless it is told by a flag. */
type Format = 'module' | 'commonjs' | 'both'

/** `mailcatch/…`: where it lies in server/testing. */
const TESTING: Readonly<Record<string, { readonly source: string; readonly format: Format }>> = {
  testing: { source: 'index', format: 'both' },
  playwright: { source: 'playwright/index', format: 'module' },
  vitest: { source: 'vitest/index', format: 'module' },
  'vitest/global-setup': { source: 'vitest/global-setup', format: 'module' },
  jest: { source: 'jest/index', format: 'commonjs' },
  'jest/global-setup': { source: 'jest/global-setup', format: 'module' },
  'jest/global-teardown': { source: 'jest/global-teardown', format: 'module' },
  cypress: { source: 'cypress/index', format: 'module' },
  'cypress/tasks': { source: 'cypress/tasks', format: 'module' },
  'smtp-tester': { source: 'smtp-tester/index', format: 'both' },
}

const testing = Object.entries(TESTING).map(([path, { source, format }]) => ({
  path,
  name: `testing/${path.replaceAll('/', '-')}`,
  source: `server/testing/${source}.ts`,
  types: `types/testing/${source}.d.ts`,
  isModule: format !== 'commonjs',
  isCommonJs: format !== 'module',
}))

type Sources = Readonly<Record<string, string>>

const sourcesOf = (entries: typeof testing): Sources =>
  Object.fromEntries(entries.map(({ name, source }) => [name, source]))

/** Sources by the names of their bundles. */
export const main: Sources = MAIN
export const testingModules: Sources = sourcesOf(testing.filter(entry => entry.isModule))
export const testingCommonJs: Sources = sourcesOf(testing.filter(entry => entry.isCommonJs))

/** Declarations that somebody may import. */
export const moduleTypes: readonly string[] = [
  'types/index.d.ts',
  ...testing.filter(entry => entry.isModule).map(({ types }) => types),
]
export const commonJsTypes: readonly string[] = testing
  .filter(entry => entry.isCommonJs)
  .map(({ types }) => types)

/** What the test runners' entries are for; who uses none of them needs none. */
export const peers = { '@playwright/test': '>=1.50', cypress: '>=12', jest: '>=29', vitest: '>=3' }

/** The `exports` of package.json. */
export const packageExports: Readonly<Record<string, unknown>> = {
  '.': { types: './types/index.d.ts', default: './index.js' },
  ...Object.fromEntries(
    testing.map(({ path, name, types, isModule, isCommonJs }) => {
      const module = { types: `./${types}`, default: `./${name}.js` }
      const required = { types: `./${types.replace(/ts$/, 'cts')}`, default: `./${name}.cjs` }
      if (isModule && isCommonJs) return [`./${path}`, { import: module, require: required }]
      return [`./${path}`, isModule ? module : required]
    }),
  ),
  './package.json': './package.json',
}
