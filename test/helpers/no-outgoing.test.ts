import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { Cli, makeHome } from './cli.ts'
import { run as runProgram } from './program.ts'

const HOOK = new URL('./no-outgoing.js', import.meta.url).href

const IMPORTS = `
  import dgram from 'node:dgram'
  import dns from 'node:dns'
  import { lookup } from 'node:dns'
  import { resolveMx } from 'node:dns/promises'
  import http from 'node:http'
  import net from 'node:net'
  import { connect } from 'node:net'
  import tls from 'node:tls'
  import { spawnSync } from 'node:child_process'
`

/** Runs a program in a process of its own that has the hook. */
async function run(program: string) {
  const child = spawn(
    process.execPath,
    ['--import', HOOK, '--input-type=module', '--eval', IMPORTS + program],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code, signal, stdout, stderr }
}

const FORBIDDEN = [
  `net.connect(25, '192.0.2.1')`,
  `connect({ port: 25, host: '192.0.2.1' })`,
  `new net.Socket().connect('25', 'example.com')`,
  `net.connect(25, 'localhost.example.com')`,
  `net.connect(25, '2001:db8::1')`,
  `tls.connect({ port: 443, host: '192.0.2.1' })`,
  `await fetch('http://192.0.2.1/')`,
  `await once(http.get('http://example.com/'), 'response')`,
  `lookup('example.com', () => {})`,
  `dns.reverse('127.0.0.1', () => {})`,
  `await resolveMx('example.com')`,
  `new dns.Resolver().resolve4('localhost', () => {})`,
  `await new dns.promises.Resolver().resolve4('localhost')`,
  `dgram.createSocket('udp4').unref().send('x', 53, '192.0.2.1')`,
]

test('going out throws, and fails the process that swallows it', async () => {
  const attempts = FORBIDDEN.map(
    attempt => `try { ${attempt}; console.log(${JSON.stringify(attempt)}) } catch {}`,
  )
  const { code, stdout, stderr } = await run(
    `import { once } from 'node:events'\n${attempts.join('\n')}`,
  )
  assert.equal(stdout, '', 'these went through')
  assert.equal(stderr.match(/^Error: outgoing: /gm)?.length, FORBIDDEN.length, stderr)
  assert.equal(code, 97)
})

test('an exit that claims success does not help', async () => {
  const { code } = await run(`try { net.connect(25, '192.0.2.1') } catch {} process.exit(0)`)
  assert.equal(code, 97)
})

test('a process that a test starts is watched too, wherever it runs', async () => {
  const program = `try { require('node:net').connect(25, '192.0.2.1') } catch {}`
  const { code, stderr } = await run(
    `process.exitCode = spawnSync(process.execPath, ['--eval', ${JSON.stringify(program)}], {
       cwd: '/',
       stdio: 'inherit',
     }).status`,
  )
  assert.match(stderr, /^Error: outgoing: connect to 192\.0\.2\.1/)
  assert.equal(code, 97)
})

test('a worker is watched too, whatever its process would say', async () => {
  const program = `import net from 'node:net'; try { net.connect(25, '192.0.2.1') } catch {}`
  const url = `data:text/javascript,${encodeURIComponent(program)}`
  for (const options of ['{}', '{ execArgv: [] }']) {
    const { signal, stderr } = await run(
      `import { Worker } from 'node:worker_threads'
       new Worker(new URL(${JSON.stringify(url)}), ${options}).on('exit', () => process.exit(0))`,
    )
    assert.match(stderr, /^Error: outgoing: connect to 192\.0\.2\.1/)
    assert.equal(signal, 'SIGKILL')
  }
})

/** Says that it succeeded, whatever happened. */
const swallowing = [
  process.execPath,
  '--eval',
  `try { require('node:net').connect(25, '192.0.2.1') } catch {} process.exit(0)`,
] as const

test('a command that a test runs in an environment of its own is watched, and fails whoever runs it', async () => {
  assert.match(process.env.NODE_OPTIONS ?? '', /no-outgoing\.js/, 'this process is not watched')
  const refused = /tried to go out:\nError: outgoing: connect to 192\.0\.2\.1/
  const home = makeHome()
  try {
    const cli = new Cli([], { home: home.path, program: swallowing })
    await assert.rejects(cli.exited, refused)
    await assert.rejects(cli.end(), refused)
  } finally {
    home.remove()
  }
  const [node, ...args] = swallowing
  await assert.rejects(runProgram(node, args, { accepts: [0, 97] }), refused)
})

test('what stays on the machine passes', async () => {
  const { code, stderr } = await run(
    `const server = net.createServer(socket => socket.end()).listen(0, 'localhost')
     await new Promise(resolve => server.once('listening', resolve))
     const { port, address } = server.address()
     for (const host of ['localhost', address, undefined]) {
       const socket = net.connect({ port, host }).resume()
       await new Promise(resolve => socket.once('close', resolve))
     }
     await new Promise(resolve => net.connect(port, 'localhost', resolve).resume())
     await dns.promises.lookup('127.0.0.1')
     await dns.promises.lookup('192.0.2.1')
     server.close()
     process.exitCode = 7`,
  )
  assert.equal(stderr, '')
  assert.equal(code, 7)
})
