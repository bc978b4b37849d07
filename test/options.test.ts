import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  completeOptions,
  defaultDataDirectory,
  flagOf,
  libraryOptions,
  OPTION_KEYS,
  OPTIONS,
  type Options,
  UsageError,
  variableOf,
} from '../server/options.ts'

test('every default is a value of its kind', () => {
  for (const key of OPTION_KEYS) {
    const { kind, default: value } = OPTIONS[key]
    assert.ok(key === 'data' || kind.accepts(value), key)
  }
})

test('flags and variables are told apart', () => {
  assert.equal(flagOf('smtpPort'), 'smtp-port')
  assert.equal(flagOf('allowDelete'), 'no-delete')
  assert.equal(variableOf('allowDelete'), 'MAILCATCH_NO_DELETE')
  assert.equal(new Set(OPTION_KEYS.map(flagOf)).size, OPTION_KEYS.length)
  assert.equal(new Set(OPTION_KEYS.map(variableOf)).size, OPTION_KEYS.length)
})

test('a library takes any free ports and keeps nothing', () => {
  const options = libraryOptions({})
  assert.deepEqual(
    [options.smtpPort, options.smtpsPort, options.pop3Port, options.pop3sPort, options.httpPort],
    [0, null, 0, null, 0],
  )
  assert.equal(options.memory, true)
  assert.deepEqual([options.imapPort, options.imapsPort], [0, null])
  assert.equal(options.maxBytes, 256 * 2 ** 20)
  assert.equal('json' in options, false)
})

test('a library that names a directory keeps its mail there', () => {
  const options = libraryOptions({ data: '/somewhere' })
  assert.equal(options.memory, false)
  assert.equal(options.data, '/somewhere')
  assert.equal(options.maxBytes, 2 ** 30)
  assert.equal(libraryOptions({ data: '/somewhere', memory: true }).memory, true)
})

test('undefined is as good as not said, null is a value', () => {
  const given = { smtpPort: undefined, httpPort: null } as unknown as Partial<Options>
  const options = libraryOptions(given)
  assert.equal(options.smtpPort, 0)
  assert.equal(options.httpPort, null)
})

const refused: readonly (readonly [string, object, RegExp])[] = [
  ['an unknown key', { smptPort: 1 }, /unknown option smptPort; did you mean smtpPort\?/],
  ['a key of the command line', { json: true }, /unknown option json/],
  ['__proto__ as a key', JSON.parse('{"__proto__": 1}'), /unknown option __proto__/],
  ['a port that is text', { smtpPort: '1025' }, /smtpPort: not a port/],
  [
    'no front-end at all',
    { smtpPort: null, pop3Port: null, imapPort: null, httpPort: null },
    /nothing to start/,
  ],
  ['a certificate without its key', { tlsCert: '/c.pem' }, /belong together/],
  ['others let in without a word', { host: '0.0.0.0' }, /--auth user:password, or --no-auth/],
  ['two on one port', { smtpPort: 2525, httpPort: 2525 }, /two front-ends/],
  ['three, two of them on one port', { pop3Port: 2525, smtpsPort: 2525 }, /port: 2525, 2525$/],
  ['a user name with a colon', { auth: { user: 'a:b', password: 'c' } }, /auth: not user:password/],
  [
    'a login and none',
    { auth: { user: 'a', password: 'b' }, noAuth: true },
    /contradict each other/,
  ],
]

for (const [name, given, message] of refused) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => libraryOptions(given),
      error => error instanceof UsageError && message.test(error.message),
    )
  })
}

test('beyond loopback with a login, or an outright no', () => {
  assert.equal(completeOptions({ host: '0.0.0.0', noAuth: true }).host, '0.0.0.0')
  const auth = { user: 'a', password: 'b' }
  assert.equal(completeOptions({ host: '::', auth }).host, '::')
  assert.equal(completeOptions({ host: '127.0.0.2' }).host, '127.0.0.2')
})

test("keeps mail in the platform's place for data", () => {
  const at = (platform: NodeJS.Platform, environment: NodeJS.ProcessEnv) =>
    defaultDataDirectory(environment, platform)
  assert.equal(at('linux', { XDG_DATA_HOME: '/xdg' }), '/xdg/mailcatch')
  assert.match(at('linux', { XDG_DATA_HOME: 'relative' }), /\/\.local\/share\/mailcatch$/)
  assert.match(at('linux', {}), /\/\.local\/share\/mailcatch$/)
  assert.match(at('darwin', {}), /\/Library\/Application Support\/mailcatch$/)
  assert.equal(at('win32', { LOCALAPPDATA: '/local' }), '/local/mailcatch')
})
