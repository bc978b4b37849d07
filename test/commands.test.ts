import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMMANDS } from '../server/commands.ts'
import { flagName, OPTIONS } from '../server/options.ts'

test('every command can be loaded, and its name is no option', async () => {
  assert.equal(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length)
  for (const { name, load } of COMMANDS) {
    assert.match(name, /^[a-z]+$/)
    assert.equal(typeof (await load()), 'function')
  }
})

test('the default of each option is a value of its kind', () => {
  for (const { name, options } of COMMANDS) {
    for (const [key, { kind, default: value }] of Object.entries(options)) {
      assert.ok(key === 'data' || value === null || kind.accepts(value), `${name} ${key}`)
    }
  }
})

test('an option has the same flag everywhere', () => {
  for (const { options } of COMMANDS) {
    for (const [key, option] of Object.entries(options)) {
      const ours = OPTIONS[key as keyof typeof OPTIONS]
      if (ours) assert.equal(flagName(key, option), flagName(key, ours))
    }
  }
})
