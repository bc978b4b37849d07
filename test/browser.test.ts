import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserCommand, openBrowser } from '../server/browser.ts'

const url = 'http://localhost:8025/?q=a&b=`id`'

test('the URL is one argument, whatever is in it', () => {
  assert.deepEqual(browserCommand(url, 'linux'), ['xdg-open', url])
  assert.deepEqual(browserCommand(url, 'darwin'), ['open', url])
  assert.deepEqual(browserCommand(url, 'win32'), ['rundll32', 'url.dll,FileProtocolHandler', url])
})

test('says so where there is no such command', async () => {
  const { PATH } = process.env
  process.env.PATH = '/nonexistent'
  try {
    await assert.rejects(openBrowser(url, 'linux'), { code: 'ENOENT' })
  } finally {
    process.env.PATH = PATH
  }
})
