import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentId, fileName, sortLeaves } from '../../server/mime/leaves.ts'
import { readStructure } from '../../server/mime/structure.ts'

function multipart(subtype: string, ...headers: string[]): string {
  const parts = headers.map(header => `--b\n${header}\n\nx\n`).join('')
  return `Content-Type: multipart/${subtype}; boundary=b\n\n${parts}--b--\n`
}

function sort(message: string): Record<string, string[]> {
  const leaves = sortLeaves(readStructure(Buffer.from(message)))
  return Object.fromEntries(
    Object.entries(leaves).map(([kind, parts]) => [kind, parts.map(part => part.number)]),
  )
}

const PLAIN = 'Content-Type: text/plain'
const HTML = 'Content-Type: text/html'

test('body and attachments', () => {
  assert.deepEqual(
    sort(multipart('mixed', PLAIN, HTML, 'Content-Type: image/png', 'Content-Type: text/calendar')),
    { text: ['1'], html: ['2'], attachments: ['3', '4'] },
  )
  assert.deepEqual(sort(`${PLAIN}\n\nx`), { text: ['1'], html: [], attachments: [] })
})

test('a disposition of attachment makes one, also alone', () => {
  assert.deepEqual(sort(`${HTML}\nContent-Disposition: ATTACHMENT\n\nx`), {
    text: [],
    html: [],
    attachments: ['1'],
  })
})

test('a text part with a file name is a body only where a body must be', () => {
  const named = `${PLAIN}; name=a.txt`
  assert.deepEqual(sort(multipart('mixed', named, named, PLAIN)), {
    text: ['1', '3'],
    html: [],
    attachments: ['2'],
  })
  assert.deepEqual(sort(multipart('alternative', PLAIN, `${HTML}; name=a.html`)), {
    text: ['1'],
    html: ['2'],
    attachments: [],
  })
})

test('renderings for special programs are neither', () => {
  const amp = 'Content-Type: text/x-amp-html'
  assert.deepEqual(sort(multipart('alternative', PLAIN, amp, HTML)), {
    text: ['1'],
    html: ['3'],
    attachments: [],
  })
  assert.deepEqual(sort(multipart('mixed', PLAIN, `${amp}; name=a.html`)).attachments, ['2'])
})

test('a nested message is one attachment, a multipart without parts is text', () => {
  assert.deepEqual(sort(multipart('mixed', PLAIN, 'Content-Type: message/rfc822\n\nA: b\n')), {
    text: ['1'],
    html: [],
    attachments: ['2'],
  })
  assert.deepEqual(sort('Content-Type: multipart/mixed; boundary=b\n\nno delimiter'), {
    text: [''],
    html: [],
    attachments: [],
  })
})

test('names and Content-IDs', () => {
  const part = (header: string) => readStructure(Buffer.from(`${header}\n\nx`))
  assert.equal(
    fileName(part('Content-Type: a/b; name=n\nContent-Disposition: attachment; filename=f')),
    'f',
  )
  assert.equal(fileName(part('Content-Type: a/b; name=n')), 'n')
  assert.equal(fileName(part('')), '')
  assert.equal(contentId(part('Content-ID: <a b@x>')), 'a b@x')
  assert.equal(contentId(part('Content-ID: a@x')), 'a@x')
  assert.equal(contentId(part('Content-ID: <>')), null)
  assert.equal(contentId(part('A: b')), null)
})
