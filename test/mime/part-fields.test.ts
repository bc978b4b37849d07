import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHeader } from '../../server/mime/header.ts'
import { readPartFields } from '../../server/mime/part-fields.ts'

const read = (...lines: string[]) =>
  readPartFields(readHeader(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)), 'text/plain')

test('the texts of Content-Type and Content-Disposition are there beside what is read in them', () => {
  const fields = read(
    'Content-Type: Text/Plain;\r\n name*0="a";\r\n name*1=b',
    "Content-Disposition: ATTACHMENT; filename*=utf-8''%C3%B6",
  )
  assert.equal(fields.type, 'text/plain')
  assert.equal(fields.parameters.get('name'), 'ab')
  assert.equal(fields.typeText, 'Text/Plain; name*0="a"; name*1=b')
  assert.equal(fields.disposition, 'attachment')
  assert.equal(fields.dispositionParameters.get('filename'), 'ö')
  assert.equal(fields.dispositionText, "ATTACHMENT; filename*=utf-8''%C3%B6")
})

test('broken ones have none', () => {
  for (const type of ['', 'text', 'text/plain x', 'a/b/c']) {
    const { typeText, type: found } = read(`Content-Type: ${type}`)
    assert.deepEqual([found, typeText], ['text/plain', null], type)
  }
  for (const disposition of ['', 'a b', '; filename=x', '"inline"']) {
    assert.equal(read(`Content-Disposition: ${disposition}`).dispositionText, null, disposition)
  }
  assert.equal(read('Subject: x').typeText, null)
})
