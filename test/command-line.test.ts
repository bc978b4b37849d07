import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readCommandLine } from '../server/command-line.ts'
import { type CommandOptions, UsageError } from '../server/options.ts'

const directory = mkdtempSync(join(tmpdir(), 'mailcatch-command-line-'))
after(() => rmSync(directory, { recursive: true }))

function read(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  from = directory,
): CommandOptions {
  const command = readCommandLine(args, environment, from)
  assert.ok(command.run === 'serve')
  return command.options
}

/** A folder with this as its mailcatch.config.json. */
function folderWith(settings: unknown): string {
  const folder = mkdtempSync(join(directory, 'config-'))
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings)
  writeFileSync(join(folder, 'mailcatch.config.json'), text)
  return folder
}

test('without a word: the usual ports, the data folder', () => {
  const options = read([])
  assert.deepEqual(
    [options.smtpPort, options.smtpsPort, options.pop3Port, options.pop3sPort, options.httpPort],
    [1025, null, 1110, null, 8025],
  )
  assert.deepEqual([options.imapPort, options.imapsPort], [1143, null])
  assert.deepEqual([options.memory, options.host], [false, null])
  assert.match(options.data, /mailcatch$/)
  assert.equal(options.allowDelete, true)
})

test('a flag beats a variable beats the file', () => {
  const folder = folderWith({ smtpPort: 1, httpPort: 2, smtpsPort: '3', maxBytes: '1GiB' })
  const environment = { MAILCATCH_SMTP_PORT: '11', MAILCATCH_HTTP_PORT: '12' }
  const options = read(['--smtp-port', '21'], environment, folder)
  assert.deepEqual([options.smtpPort, options.httpPort, options.smtpsPort], [21, 12, 3])
  assert.equal(options.maxBytes, 2 ** 30)
})

test('a switch that says no', () => {
  assert.equal(read(['--no-delete']).allowDelete, false)
  assert.equal(read([], { MAILCATCH_NO_DELETE: '1' }).allowDelete, false)
  assert.equal(read([], {}, folderWith({ allowDelete: false })).allowDelete, false)
  assert.equal(read(['--no-delete=false'], { MAILCATCH_NO_DELETE: '1' }).allowDelete, true)
})

test('a list grows with each flag', () => {
  assert.deepEqual(read(['--allow-host', 'A.test', '--allow-host=b,c']).allowHost, [
    'a.test',
    'b',
    'c',
  ])
  assert.deepEqual(read([], {}, folderWith({ allowHost: ['a', 'b'] })).allowHost, ['a', 'b'])
})

test('the stronger of a value and the switch that denies it holds', () => {
  const stored = folderWith({ data: 'mail' })
  assert.equal(read([], {}, stored).data, join(stored, 'mail'))
  assert.equal(read(['--memory'], {}, stored).memory, true)
  const kept = folderWith({ memory: true })
  const options = read(['--data', 'x'], {}, kept)
  assert.deepEqual([options.memory, options.data], [false, join(kept, 'x')])
  assert.equal(read(['--no-auth'], { MAILCATCH_AUTH: 'a:b' }).auth, null)
  assert.deepEqual(read(['--auth', 'c:d'], { MAILCATCH_NO_AUTH: '1' }).auth, {
    user: 'c',
    password: 'd',
  })
})

test('a file may be named; its paths start beside it', () => {
  const folder = folderWith({ data: 'mail', verbose: true })
  const path = join(folder, 'mailcatch.config.json')
  assert.equal(read(['--config', path]).data, join(folder, 'mail'))
  assert.equal(read([], { MAILCATCH_CONFIG: path }).verbose, true)
})

test('help and version beat the rest', () => {
  assert.deepEqual(readCommandLine(['--help'], {}, directory), { run: 'help', command: null })
  assert.deepEqual(readCommandLine(['-v'], {}, directory), { run: 'version' })
})

test('an empty variable is none, a stranger is let be, a slip is told', () => {
  const environment = {
    MAILCATCH_SMTP_PORT: '',
    MAILCATCH_SERVICE_HOST: '10.0.0.1',
    MAILCATCH_SMPT_PORT: '2525',
    MAILCATCH_HTTP_PORT: 'tcp://10.0.0.1:8025',
  }
  const command = readCommandLine([], environment, directory)
  assert.ok(command.run === 'serve')
  assert.equal(command.options.smtpPort, 1025)
  assert.equal(command.options.httpPort, 8025)
  assert.equal(command.warnings.length, 2)
  assert.match(command.warnings.join('\n'), /MAILCATCH_SMPT_PORT .* MAILCATCH_SMTP_PORT\?/)
  assert.match(command.warnings.join('\n'), /MAILCATCH_HTTP_PORT looks like a container link/)
})

/** What `mailcatch import …` is told. */
function readImport(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  from = directory,
) {
  const command = readCommandLine(['import', ...args], environment, from)
  assert.ok(command.run === 'command')
  return command
}

test('a command has operands, options of its own and those of the settings that it needs', () => {
  const { command, operands, options } = readImport(['a.mbox', '--json', '-', '--', '--b'])
  assert.equal(command.name, 'import')
  assert.deepEqual(operands, ['a.mbox', '-', '--b'])
  assert.deepEqual([options.json, options.url, options.auth], [true, null, null])
  assert.match(String(options.data), /mailcatch$/)
  const settings = { smtpPort: 2525, data: 'mail', auth: 'a:b', allowHost: ['x'] }
  const folder = folderWith(settings)
  const environment = { MAILCATCH_SMTP_PORT: 'nonsense', MAILCATCH_MAX_MESSAGE_SIZE: '1MB' }
  const told = readImport(['x'], environment, folder).options
  assert.deepEqual(
    [told.data, told.auth, told.maxMessageSize, told.smtpPort],
    [join(folder, 'mail'), { user: 'a', password: 'b' }, 1_000_000, undefined],
  )
})

test('an inbox is named by a URL or a directory: the stronger source holds', () => {
  const data = folderWith({ data: 'mail' })
  const url = { MAILCATCH_URL: 'http://localhost:9025/mail' }
  assert.equal(readImport([], url, data).options.url, 'http://localhost:9025/mail/')
  const { options } = readImport(['--data', 'x'], url, data)
  assert.deepEqual([options.url, options.data], [null, join(data, 'x')])
  const memory = folderWith({ memory: true })
  assert.equal(readImport(['--url', 'http://a'], {}, memory).options.url, 'http://a/')
  assert.equal(readImport([], { MAILCATCH_DATA: 'x' }, memory).options.data, join(memory, 'x'))
  assert.throws(() => readImport([], {}, memory), /the settings say memory, .*--url URL names/)
  assert.throws(() => readImport([], { MAILCATCH_MEMORY: '1' }), /the settings say memory/)
})

test('the help of a command, its variables, and those of commands elsewhere', () => {
  const help = readCommandLine(['export', 'x', '--help'], {}, directory)
  assert.ok(help.run === 'help' && help.command?.name === 'export')
  assert.deepEqual(readCommandLine(['export', '-v'], {}, directory), { run: 'version' })
  const slip = { MAILCATCH_DAAT: 'x', MAILCATCH_SMTP_PORT: '1' }
  assert.match(readImport([], slip).warnings.join('\n'), /^MAILCATCH_DAAT .* MAILCATCH_DATA\?$/)
  const serve = readCommandLine([], { MAILCATCH_URL: 'http://a' }, directory)
  assert.ok(serve.run === 'serve')
  assert.deepEqual(serve.warnings, [])
})

const refusedCommands: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown command', ['improt', 'x'], /unknown command improt; did you mean import\?/],
  ['a far-off command', ['frobnicate'], /unknown command frobnicate; try --help/],
  ['a command behind an option', ['--json', 'import', 'x'], /"import"; mailcatch import … puts it/],
  ['an unknown flag', ['import', '--dta', 'x'], /unknown option --dta; did you mean --data\?/],
  ['a flag of the server', ['import', '--smtp-port', '1'], /unknown option --smtp-port/],
  ['a flag of another command', ['import', '--mbox', 'x'], /unknown option --mbox/],
  [
    'a URL and a directory',
    ['import', '--url', 'http://a', '--data', 'x'],
    /--url and --data contra/,
  ],
  ['what is no URL', ['export', '--url', 'localhost:8025'], /--url: the value is not the URL of/],
  ['memory', ['import', '--memory'], /unknown option --memory/],
]

for (const [name, args, message] of refusedCommands) {
  test(`refuses ${name}: ${args.join(' ')}`, () => {
    assert.throws(
      () => readCommandLine(args, {}, directory),
      error => error instanceof UsageError && message.test(error.message),
    )
  })
}

test('does not repeat a login within a URL', () => {
  assert.throws(
    () => readImport(['--url', 'http://ann:hunter2@localhost/']),
    error => error instanceof UsageError && !error.message.includes('hunter2'),
  )
})

test('a search and the name of an mbox are said each time', () => {
  const environment = { MAILCATCH_Q: 'x', MAILCATCH_MBOX: 'y' }
  const command = readCommandLine(['export', '--q=-a'], environment, directory)
  assert.ok(command.run === 'command')
  assert.deepEqual([command.options.q, command.options.mbox], ['-a', null])
})

const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown flag', ['--smpt-port', '1'], /--smpt-port; did you mean --smtp-port\?/],
  ['a far-off flag', ['--frobnicate'], /unknown option --frobnicate; try --help/],
  ['an unknown letter', ['-x'], /unknown option -x/],
  ['a flag without its value', ['--smtp-port'], /--smtp-port needs a value: a port/],
  ['a flag in place of a value', ['--data', '--json'], /--data needs a value/],
  ['a value that is none', ['--max-bytes', 'lots'], /--max-bytes: "lots" is not a size/],
  ['a word too many', ['--memory', 'now'], /unexpected argument "now"/],
  ['a value for a switch', ['--json=maybe'], /--json: "maybe" is not true or false/],
  ['a value and its denial', ['--data', 'x', '--memory'], /--data and --memory contradict/],
  ['a file that is not there', ['--config', 'nowhere.json'], /cannot read the settings: ENOENT/],
]

for (const [name, args, message] of refused) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => read(args),
      error => error instanceof UsageError && message.test(error.message),
    )
  })
}

test('does not repeat a login that cannot be read', () => {
  assert.throws(
    () => read(['--auth', 'hunter2']),
    error => error instanceof UsageError && !error.message.includes('hunter2'),
  )
})

const badFiles: readonly (readonly [string, unknown, RegExp])[] = [
  ['an unknown key', { smptPort: 1 }, /unknown key smptPort; did you mean smtpPort\?/],
  ['a flag for a key', { 'smtp-port': 1 }, /unknown key smtp-port; did you mean smtpPort\?/],
  ['a file that names a file', { config: 'x' }, /unknown key config/],
  ['__proto__', '{"__proto__": {"memory": true}}', /unknown key __proto__/],
  ['a value of the wrong kind', { smtpPort: { a: 1 } }, /smtpPort is not a port/],
  ['null', { smtpPort: null }, /smtpPort is not a port/],
  ['no JSON', '{ smtpPort: 1 }', /is not JSON/],
  ['no object', [1], /is not a JSON object/],
]

for (const [name, settings, message] of badFiles) {
  test(`refuses ${name} in the file`, () => {
    assert.throws(
      () => read([], {}, folderWith(settings)),
      error => error instanceof UsageError && message.test(error.message),
    )
  })
}
