import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

// What the linter's layers (.biome.json) cannot say.

const ROOT = fileURLToPath(new URL('..', import.meta.url))

type Import = { readonly specifier: string; readonly isType: boolean }
type Source = { readonly path: string; readonly text: string; readonly imports: readonly Import[] }

const sources = ['server', 'web'].flatMap(folder => sourcesIn(folder))
const ofServer = sources.filter(({ path }) => path.startsWith('server/'))
const ofWeb = sources.filter(({ path }) => path.startsWith('web/'))

function sourcesIn(folder: string): Source[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter(name => /\.tsx?$/.test(name))
    .map(name => {
      const path = posix.join(folder, name.split(sep).join('/'))
      const text = readFileSync(join(ROOT, path), 'utf8')
      return { path, text, imports: importsOf(text) }
    })
}

/** Statements and dynamic imports; a statement is a type's where it says so, or each of its names does. */
function importsOf(text: string): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(?:(type\s)?\s*([^'";]*?)\s*from\s*)?'([^']+)'/gm,
  )
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g)
  return [
    ...[...statements].map(([, type, names = '', specifier = '']) => ({
      specifier,
      isType: type !== undefined || /^\{(?:\s*type\s[^,}]+,?)+\s*\}$/.test(names),
    })),
    ...[...dynamic].map(([, specifier = '']) => ({ specifier, isType: false })),
  ]
}

const isRelative = (specifier: string) => specifier.startsWith('.')

/** From the root, with `/`. */
const target = (path: string, specifier: string) =>
  relative(ROOT, resolve(ROOT, dirname(path), specifier))
    .split(sep)
    .join('/')

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

test('the reader of imports sees every kind', () => {
  const text = `import { a } from './a.ts'
import type { B } from './b.ts'
import {
  type C,
  type D,
} from './c.ts'
import { type E, e } from './e.ts'
import './f.ts'
export { g } from './g.ts'
const h = await import('./h.ts')
`
  assert.deepEqual(
    importsOf(text).map(({ specifier, isType }) => `${specifier} ${isType}`),
    [
      './a.ts false',
      './b.ts true',
      './c.ts true',
      './e.ts false',
      './f.ts false',
      './g.ts false',
      './h.ts false',
    ],
  )
})

test('the inbox takes nothing of the server but the types of its resources', () => {
  const wrong = ofWeb.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => isRelative(specifier))
      .map(({ specifier, isType }) => ({ at: target(path, specifier), isType }))
      .filter(({ at }) => at.startsWith('server/'))
      .filter(({ at, isType }) => !isType || at !== 'server/http/resources.ts')
      .map(({ at }) => `${path} imports ${at}`),
  )
  assert.deepEqual(wrong, [])
})

test('the testing library takes nothing of the server but types, its main entry, and which code or link is meant', () => {
  const wrong = ofServer
    .filter(({ path }) => path.startsWith('server/testing/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier, isType }) => ({ at: target(path, specifier), isType }))
        .filter(({ at }) => !at.startsWith('server/testing/'))
        .filter(({ at, isType }) => !isAllowedInTesting(at, isType))
        .map(({ at }) => `${path} imports ${at}`),
    )
  assert.deepEqual(wrong, [])
})

const isAllowedInTesting = (at: string, isType: boolean): boolean =>
  isType
    ? at === 'server/http/resources.ts' || at === 'server/index.ts'
    : at === 'server/index.ts' || at === 'server/mime/extract/choose.ts'

test('the resources, which the inbox reads, hold no code', () => {
  const resources = ofServer.find(({ path }) => path === 'server/http/resources.ts')
  assert.ok(resources)
  assert.deepEqual(
    resources.imports.filter(({ isType }) => !isType),
    [],
  )
})

/** Packages that a whole folder speaks, as its protocol's own language. */
const SPOKEN_IN = new Map([
  ['hono', 'server/http/'],
  ['zod', 'server/http/'],
  ['ws', 'server/http/'],
  ['smtp-server', 'server/smtp/'],
  ['entities', 'server/mime/'],
])

test('each package is used through one file of ours, or in the one folder that speaks it', () => {
  const tools = new Set(['server/build.ts', 'server/dev.ts'])
  const users = new Map<string, Set<string>>()
  for (const { path, imports } of ofServer) {
    if (tools.has(path)) continue
    for (const { specifier, isType } of imports) {
      if (isType || isRelative(specifier) || specifier.startsWith('node:')) continue
      const name = packageOf(specifier)
      users.set(name, (users.get(name) ?? new Set()).add(path))
    }
  }
  assert.ok(users.has('mailparser') && users.has('lowdb'), 'the imports are seen')
  const spread = [...users].filter(([name, files]) => {
    const folder = SPOKEN_IN.get(name)
    return folder ? [...files].some(file => !file.startsWith(folder)) : files.size > 1
  })
  assert.deepEqual(
    spread.map(([name, files]) => `${name}: ${[...files].join(', ')}`),
    [],
  )
})

test('the linter refuses an import that points outwards, and only that', () => {
  const crossings = [
    ['server/smtp/a.ts', '../http/server.ts'],
    ['server/http/b.ts', '../smtp/server.ts'],
    ['server/http/c.ts', '../mailcatch.ts'],
    ['server/http/k.ts', '../commands/target.ts'],
    ['server/pop3/l.ts', '../smtp/server.ts'],
    ['server/imap/m.ts', '../smtp/server.ts'],
    ['server/store/d.ts', '../http/server.ts'],
    ['server/mime/e.ts', '../store/message.ts'],
    ['server/mime/n.ts', '../checks/checks.ts'],
    ['server/store/o.ts', '../checks/checks.ts'],
    ['server/checks/p.ts', '../store/message.ts'],
    ['server/checks/q.ts', '../http/resources.ts'],
    ['server/net/f.ts', '../store/message.ts'],
    ['web/g.ts', '../server/store/message.ts'],
    ['server/testing/n.ts', '../store/message.ts'],
    ['server/testing/o.ts', '../mailcatch.ts'],
    ['server/testing/jest/p.ts', '../../http/server.ts'],
  ] as const
  const inwards = [
    ['server/smtp/h.ts', '../store/message.ts'],
    ['server/store/i.ts', '../mime/address.ts'],
    ['server/checks/r.ts', '../mime/address.ts'],
    ['server/http/s.ts', '../checks/checker.ts'],
    ['web/j.ts', '../server/http/resources.ts'],
    ['server/testing/q.ts', '../http/resources.ts'],
    ['server/testing/r.ts', '../mime/extract/choose.ts'],
    ['server/testing/jest/s.ts', '../../index.ts'],
    ['server/testing/jest/t.ts', '../mail.ts'],
  ] as const
  const files = [...crossings, ...inwards].map(
    ([path, specifier]) => [path, `import { x } from '${specifier}'\n\nconsole.log(x)\n`] as const,
  )
  const refused = lint(files).filter(line => line.includes('noRestrictedImports'))
  for (const [path] of crossings) {
    assert.ok(
      refused.some(line => line.includes(path)),
      path,
    )
  }
  assert.equal(refused.length, crossings.length)
})

test('the linter refuses what connects out or asks DNS, but in the files that are known to', () => {
  const outgoing = [
    `await fetch('http://example.com/')`,
    `export const a = globalThis.fetch`,
    `export const a = new WebSocket('ws://example.com/')`,
    `import { lookup } from 'node:dns'`,
    `import { resolve4 as ask } from 'dns/promises'`,
    `import dns from 'node:dns'`,
    `import * as dgram from 'node:dgram'`,
    `import { connect as reach, type Socket } from 'node:net'`,
    `import net from 'node:net'`,
    `import * as tls from 'node:tls'`,
    `import { type Server, get } from 'node:http'`,
    `import { request } from 'node:https'`,
    `import { connect } from 'node:http2'`,
    `export const a = await import('node:net')`,
    `export const a = await import(['node:', 'net'].join(''))`,
    `import { Socket } from 'node:net'`,
    `import { TLSSocket as Secure } from 'node:tls'`,
    `import net, { type Server } from 'node:net'`,
    `import { ClientRequest } from 'node:http'`,
    `export { connect } from 'node:net'`,
    `export * from 'node:dns'`,
    `import { request } from 'undici'`,
    `import { createTransport } from 'nodemailer'`,
    `import Client, { type WebSocketServer } from 'ws'`,
    `export const a = new EventSource('http://example.com/')`,
    `export const a = ['http://example.com/'].map(fetch)`,
    `export const { fetch: go } = globalThis`,
    `export const a = globalThis['fetch']`,
    `export const a = global.fetch`,
    `export const a = process.getBuiltinModule('node:dns')`,
    `export const a = process['getBuiltinModule']('node:dns')`,
    `export const { getBuiltinModule: load } = process`,
    `import { createRequire as load } from 'node:module'`,
    `import module from 'node:module'\nexport const a = module.createRequire(import.meta.url)`,
    `import { spawn } from 'node:child_process'`,
  ]
  const incoming = [
    `import { createServer, isIP, type Socket } from 'node:net'`,
    `import { createServer, type IncomingMessage } from 'node:http'`,
    `import { createSecureContext } from 'node:tls'`,
    `import type { Socket } from 'node:net'`,
    `import { type WebSocket, WebSocketServer } from 'ws'`,
    `import {\n  isIP,\n  type Server as Listener,\n} from 'node:net'`,
    `export const a = await import('./b.ts')`,
    `export const a = (app: { fetch(): void }) => app.fetch()`,
  ]
  // Each says what it connects to: this machine, or the URL that a person gave.
  const excepted = [
    'server/net/port-holder.ts',
    'server/store/lock.ts',
    'server/commands/server-target.ts',
    'server/testing/api.ts',
    'server/testing/smtp-tester/gate.ts',
  ]
  // One thing that is refused elsewhere, each of them; and nothing else.
  const inPart = {
    'server/net/secure-socket.ts': `import { TLSSocket } from 'node:tls'`,
    'server/testing/jest/index.ts': `export const { expect } = globalThis as { expect?: () => void }`,
    'server/testing/cypress/index.ts': `export const a = globalThis`,
    'server/browser.ts': `import { spawn } from 'node:child_process'`,
    'server/build.ts': `import { execFile } from 'node:child_process'`,
    'server/dev.ts': `import { spawn } from 'node:child_process'`,
  }
  const files = [
    ...outgoing.map((text, index) => [`server/out-${index}.ts`, `${text}\n`] as const),
    ...incoming.map((text, index) => [`server/in-${index}.ts`, `${text}\n`] as const),
    ...excepted.map(path => [path, `import { connect } from 'node:net'\n`] as const),
    ...Object.entries(inPart).map(
      ([path, text]) => [path, `${text}\nimport { connect } from 'node:net'\n`] as const,
    ),
  ]
  const refused = lint(files).filter(line => line.includes('connects out'))
  assert.deepEqual(
    outgoing.filter((_, index) => !refused.some(line => line.includes(`/out-${index}.ts`))),
    [],
  )
  const partly = Object.keys(inPart)
  assert.deepEqual(
    partly.filter(path => !refused.some(line => line.includes(`/${path},line=2,`))),
    [],
  )
  assert.equal(refused.length, outgoing.length + partly.length, refused.join('\n'))
})

/** What the linter says of files that hold this, with our rules: a line for each finding. */
function lint(files: readonly (readonly [path: string, text: string])[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mailcatch-lint-'))
  try {
    const config = JSON.parse(readFileSync(join(ROOT, '.biome.json'), 'utf8'))
    const copy = { ...config, vcs: { enabled: false }, $schema: undefined }
    writeFileSync(join(folder, '.biome.json'), JSON.stringify(copy))
    cpSync(join(ROOT, '.biome'), join(folder, '.biome'), { recursive: true })
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
    const { stdout } = spawnSync(
      process.execPath,
      [biome, 'lint', '--reporter=github', '--max-diagnostics=none'],
      { cwd: folder, encoding: 'utf8' },
    )
    return stdout.split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
