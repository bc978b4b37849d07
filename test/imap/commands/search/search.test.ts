import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommand } from '../../../../server/imap/command.ts'
import { ImapError, ImapSyntaxError } from '../../../../server/imap/errors.ts'
import { commandText } from '../../../helpers/command-text.ts'

const args = (sent: string): unknown => parseCommand(commandText(`a ${sent}`)).args
const assertRefused = (...commands: string[]) => {
  for (const sent of commands) assert.throws(() => args(sent), ImapSyntaxError, sent)
}
const isBadCharset = (error: unknown) => {
  assert.ok(error instanceof ImapError)
  assert.match(error.response, /^NO \[BADCHARSET \(US-ASCII UTF-8\)] /)
  return true
}

const ALL = { kind: 'all' }

test('SEARCH', () => {
  assert.deepEqual(args('SEARCH ALL'), { isUid: false, returns: null, key: ALL })
  assert.deepEqual(args('UID SEARCH CHARSET UTF-8 ALL'), { isUid: true, returns: null, key: ALL })
  assert.deepEqual(args('SEARCH charset "us-ascii" ALL'), { isUid: false, returns: null, key: ALL })
  assert.deepEqual(args('SEARCH RETURN () ALL'), {
    isUid: false,
    returns: new Set(['ALL']),
    key: ALL,
  })
  assert.deepEqual(args('uid search return (min count save min) charset utf-8 all'), {
    isUid: true,
    returns: new Set(['MIN', 'COUNT', 'SAVE']),
    key: ALL,
  })
  assertRefused(
    'SEARCH',
    'SEARCH RETURN (MIN)',
    'SEARCH RETURN ALL',
    'SEARCH RETURN (FOO) ALL',
    'SEARCH CHARSET UTF-8',
    'SEARCH CHARSET UTF-8 RETURN () ALL',
  )
})

test('SORT', () => {
  // RFC 5256 §3
  assert.deepEqual(args('SORT (SUBJECT REVERSE DATE) UTF-8 ALL'), {
    isUid: false,
    criteria: [
      { by: 'SUBJECT', isReversed: false },
      { by: 'DATE', isReversed: true },
    ],
    key: ALL,
  })
  assert.deepEqual(args('uid sort (displayfrom reverse displayfrom to) US-ASCII ALL'), {
    isUid: true,
    criteria: [
      { by: 'DISPLAYFROM', isReversed: false },
      { by: 'TO', isReversed: false },
    ],
    key: ALL,
  })
  assertRefused(
    'SORT',
    'SORT () UTF-8 ALL',
    'SORT (REVERSE) UTF-8 ALL',
    'SORT (REVERSE REVERSE DATE) UTF-8 ALL',
    'SORT DATE UTF-8 ALL',
    'SORT (FOO) UTF-8 ALL',
    'SORT (DATE) UTF-8',
  )
})

test('THREAD', () => {
  assert.deepEqual(args('THREAD references UTF-8 ALL'), {
    isUid: false,
    algorithm: 'REFERENCES',
    key: ALL,
  })
  assert.deepEqual(args('UID THREAD ORDEREDSUBJECT US-ASCII ALL'), {
    isUid: true,
    algorithm: 'ORDEREDSUBJECT',
    key: ALL,
  })
  assertRefused('THREAD', 'THREAD REFS UTF-8 ALL', 'THREAD UTF-8 ALL')
})

test('an unknown charset is a NO, and says which are known', () => {
  assert.throws(() => args('SEARCH CHARSET KOI8-R SUBJECT x'), isBadCharset)
  assert.throws(() => args('SORT (DATE) "latin 1" ALL'), isBadCharset)
  // The charset is not optional here.
  assert.throws(() => args('SORT (DATE) SEEN DELETED'), isBadCharset)
  assert.throws(() => args('UID THREAD REFERENCES ISO-8859-1 ALL'), isBadCharset)
})
