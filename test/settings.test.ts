import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { helpText, settingsTable } from '../server/settings.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README has every option as the code has it', () => {
  assert.ok(readme.includes(settingsTable()), `README.md lacks this table:\n${settingsTable()}`)
})

test('the README and the help agree on the exit codes', () => {
  for (const code of [0, 1, 2, 3]) {
    assert.match(readme, new RegExp(`^\\| ${code} \\| `, 'm'))
    assert.match(helpText('0.0.0'), new RegExp(`Exit codes: .*\\b${code} `, 's'))
  }
})
