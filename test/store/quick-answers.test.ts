import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readContent } from '../../server/mime/content.ts'
import type { Probe } from '../../server/store/probe.ts'
import { answerQuickly } from '../../server/store/quick-answers.ts'

const text = (value: string): Probe => ({
  kind: 'text',
  source: { mode: 'substring', value, parameter: 'text' },
})

test('what the content tells is answered, what needs more or would take long is not', async () => {
  const content = await readContent(Buffer.from('Subject: Hi\r\n\r\nYour code is 4711\r\n'))
  const word: Probe = { kind: 'word', wanted: '4711' }
  const probes = [word, text('CODE'), text('cold'), text('/\\d{4}/')]
  assert.deepEqual(await answerQuickly(probes, content), [true, true, false, true])
  const header: Probe = { kind: 'field', name: 'subject', wanted: 'hi' }
  assert.equal(await answerQuickly([word, header], content), undefined)
  assert.equal(await answerQuickly([text('/((a|b){1,30}){1,30}z/')], content), undefined)
  const large = await readContent(Buffer.from(`\r\n${'long '.repeat(60_000)}\r\n`))
  assert.equal(await answerQuickly([word], large), undefined)
})
