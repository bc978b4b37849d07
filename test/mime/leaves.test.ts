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
    Object.entries(leaves).map(([kind, parts]) => [kind, [...parts].map(part => part.number)]),
  )
}

const PLAIN = 'Content-Type: text/plain'
const HTML = 'Content-Type: text/html'

test('body and attachments', () => {
  assert.deepEqual(
    sort(multipart('mixed', PLAIN, HTML, 'Content-Type: image/png', 'Content-Type: text/calendar')),
    { text: ['1'], html: ['2'], attachments: ['3', '4'], nested: [] },
  )
  assert.deepEqual(sort(`${PLAIN}\n\nx`), { text: ['1'], html: [], attachments: [], nested: [] })
})

test('a disposition of attachment makes one, also alone', () => {
  assert.deepEqual(sort(`${HTML}\nContent-Disposition: ATTACHMENT\n\nx`), {
    text: [],
    html: [],
    attachments: ['1'],
    nested: [],
  })
})

test('a text part with a file name is a body only where a body must be', () => {
  const named = `${PLAIN}; name=a.txt`
  assert.deepEqual(sort(multipart('mixed', named, named, PLAIN)), {
    text: ['1', '3'],
    html: [],
    attachments: ['2'],
    nested: [],
  })
  assert.deepEqual(sort(multipart('alternative', PLAIN, `${HTML}; name=a.html`)), {
    text: ['1'],
    html: ['2'],
    attachments: [],
    nested: [],
  })
})

test('renderings for special programs are neither', () => {
  const amp = 'Content-Type: text/x-amp-html'
  assert.deepEqual(sort(multipart('alternative', PLAIN, amp, HTML)), {
    text: ['1'],
    html: ['3'],
    attachments: [],
    nested: [],
  })
  assert.deepEqual(sort(multipart('mixed', PLAIN, `${amp}; name=a.html`)).attachments, ['2'])
})

test('a nested message is an attachment, and so is what is attached to it (fault 6)', () => {
  const message = (subtype: string, content: string) =>
    `Content-Type: message/rfc822\n\nSubject: in\nContent-Type: multipart/${subtype}; boundary=c\n\n--c\n\ntext\n--c\n${content}\n--c--`
  assert.deepEqual(
    sort(multipart('mixed', PLAIN, message('mixed', 'Content-Type: image/png\n\nx'))),
    { text: ['1'], html: [], attachments: ['2', '2.2'], nested: ['2.2'] },
  )
})

test('a mail without a body of its own shows those of its messages', () => {
  assert.deepEqual(sort(`Content-Type: message/rfc822\n\n${HTML}\n\nx`), {
    text: [],
    html: ['1.1'],
    attachments: ['1'],
    nested: [],
  })
  const message = 'Content-Type: message/rfc822\n\nA: b\n'
  assert.deepEqual(sort(multipart('digest', '\nA: b\n', `\n${message}`)), {
    text: ['1.1'],
    html: [],
    attachments: ['1', '2', '2.1'],
    nested: ['2.1'],
  })
})

test('a multipart without parts is text', () => {
  assert.deepEqual(sort('Content-Type: multipart/mixed; boundary=b\n\nno delimiter'), {
    text: [''],
    html: [],
    attachments: [],
    nested: [],
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
