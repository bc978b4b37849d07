import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTags, signedFields } from '../../server/checks/signature.ts'
import { readHeader } from '../../server/mime/header.ts'

test('tags are read in order, with white space around them ignored', () => {
  assert.deepEqual(readTags(' v = 1 ;d=a.example; b=x= ; bad;;'), [
    ['v', '1'],
    ['d', 'a.example'],
    ['b', 'x='],
    ['bad', ''],
  ])
})

test('the signed fields are those of each signature', () => {
  const header = readHeader(
    Buffer.from('DKIM-Signature: h=From : To\nDKIM-Signature: h=Subject; b=x\n\n'),
  )
  assert.deepEqual(
    signedFields(header).map(names => [...names]),
    [['from', 'to'], ['subject']],
  )
})
