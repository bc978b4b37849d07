import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { COMMANDS } from '../server/commands.ts'
import { commandHelp, helpText, settingsTable } from '../server/settings.ts'

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

test('the help lists the commands, and each tells of itself', () => {
  for (const command of COMMANDS) {
    assert.match(helpText('0.0.0'), new RegExp(`^  ${command.name} +\\S`, 'm'))
    const line = new RegExp(`^ {2,}(?:.*[^ ])? {2,}${command.help.slice(0, 20)}`, 'm')
    assert.match(helpText('0.0.0'), line, 'what it does stands apart')
    const help = commandHelp(command)
    assert.match(help, new RegExp(`^Usage: mailcatch ${command.name} \\[options\\]`, 'm'))
    assert.match(help, /^ {2}--data PATH +the directory/m)
    assert.match(help, /^ {2}--json +print one JSON object per line: error, \w+/m)
    for (const line of help.split('\n')) assert.ok(line.length <= 120, line)
    assert.match(readme, new RegExp(`mailcatch ${command.name} `))
  }
})
