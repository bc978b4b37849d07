import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseCommand } from '../../../../server/imap/command.ts'
import { UnsavedSearchError } from '../../../../server/imap/commands/search/search.ts'
import { ImapError, ImapSyntaxError } from '../../../../server/imap/errors.ts'
import { commandText } from '../../../helpers/command-text.ts'
import { SearchedMailbox } from '../../../helpers/searched-mailbox.ts'

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

describe('SEARCH answers', () => {
  let box: SearchedMailbox
  let uids: number[] = []
  before(async () => {
    box = await SearchedMailbox.open()
    for (let serial = 1; serial <= 12; serial++) {
      uids.push(await box.add(`Subject: number ${serial}\r\n\r\ntext\r\n`))
    }
    await box.store.mailboxes.expunge(box.mailbox, [uids[3] as number])
    uids = uids.filter((_, at) => at !== 3)
    const flagged = [1, 9, 10].map(at => uids[at] as number)
    for (const uid of flagged) {
      await box.store.mailboxes.setFlags(box.mailbox, [uid], { add: ['\\Flagged'] })
    }
  })
  after(() => box.close())
  const play = async (exchanges: Readonly<Record<string, string>>) => {
    for (const [sent, answer] of Object.entries(exchanges)) {
      assert.equal(await box.run(sent), answer === '' ? '' : `* ${answer}\r\n`, sent)
    }
  }
  const modseq = (sequenceNumber: number) =>
    box.mailbox.entries.get(uids[sequenceNumber - 1] as number)?.modseq

  test('with SEARCH to a client of IMAP4rev1 (RFC 3501 §6.4.4)', () =>
    play({
      'SEARCH FLAGGED': 'SEARCH 2 10 11',
      'UID SEARCH FLAGGED': `SEARCH ${uids[1]} ${uids[9]} ${uids[10]}`,
      'SEARCH TEXT "string not in mailbox"': 'SEARCH',
      'SEARCH CHARSET UTF-8 SUBJECT "number 2"': 'SEARCH 2',
    }))

  test('with ESEARCH where results are named (RFC 9051 §6.4.4, RFC 4731 §3.1)', () =>
    play({
      'SEARCH RETURN (MIN COUNT) FLAGGED': 'ESEARCH (TAG "a1") MIN 2 COUNT 3',
      'SEARCH RETURN () FLAGGED': 'ESEARCH (TAG "a1") ALL 2,10:11',
      'UID SEARCH RETURN (MIN MAX) 1:5000': `ESEARCH (TAG "a1") UID MIN ${uids[0]} MAX ${uids[10]}`,
      'SEARCH RETURN (COUNT) DELETED': 'ESEARCH (TAG "a1") COUNT 0',
      'SEARCH RETURN (MIN MAX ALL COUNT) DELETED': 'ESEARCH (TAG "a1") COUNT 0',
      'SEARCH RETURN (MIN MAX ALL) DELETED': 'ESEARCH (TAG "a1")',
      'UID SEARCH RETURN (ALL) DELETED': 'ESEARCH (TAG "a1") UID',
      'SEARCH RETURN (ALL MAX MIN COUNT) 3': 'ESEARCH (TAG "a1") MIN 3 MAX 3 ALL 3 COUNT 1',
    }))

  test('with ESEARCH to a client of IMAP4rev2', async () => {
    box.isRev2 = true
    await play({
      'SEARCH FLAGGED': 'ESEARCH (TAG "a1") ALL 2,10:11',
      'UID SEARCH FLAGGED': `ESEARCH (TAG "a1") UID ALL ${uids[1]},${uids[9]}:${uids[10]}`,
      'SEARCH TEXT "string not in mailbox"': 'ESEARCH (TAG "a1")',
      'SEARCH RETURN (SAVE) FLAGGED': '',
    })
    box.isRev2 = false
  })

  test('with the highest mod-sequence where MODSEQ is asked for (RFC 7162 §3.1.5, RFC 4731 §3.2)', () =>
    play({
      [`SEARCH MODSEQ ${modseq(2)}`]: `SEARCH 2 10 11 (MODSEQ ${modseq(11)})`,
      'SEARCH MODSEQ 720162338': 'SEARCH',
      'SEARCH OR NOT MODSEQ 720162338 LARGER 50000': `SEARCH 1 2 3 4 5 6 7 8 9 10 11 (MODSEQ ${modseq(11)})`,
      [`SEARCH RETURN (MIN) MODSEQ "/flags/\\\\draft" all ${modseq(2)}`]: `ESEARCH (TAG "a1") MIN 2 MODSEQ ${modseq(2)}`,
      [`SEARCH RETURN (MAX) MODSEQ ${modseq(2)} NOT 11`]: `ESEARCH (TAG "a1") MAX 10 MODSEQ ${modseq(10)}`,
      'SEARCH RETURN (MIN MAX) MODSEQ 1 NOT 10:11': `ESEARCH (TAG "a1") MIN 1 MAX 9 MODSEQ ${modseq(9)}`,
      [`SEARCH RETURN (MIN COUNT) MODSEQ ${modseq(2)}`]: `ESEARCH (TAG "a1") MIN 2 COUNT 3 MODSEQ ${modseq(11)}`,
      [`SEARCH RETURN (COUNT) MODSEQ ${modseq(2)}`]: `ESEARCH (TAG "a1") COUNT 3 MODSEQ ${modseq(11)}`,
      'SEARCH RETURN (ALL) MODSEQ 720162338': 'ESEARCH (TAG "a1")',
    }))

  test('and keeps what is to be saved (RFC 5182 §2, RFC 9051 §6.4.4.1)', async () => {
    // As SELECT does.
    box.saved.clear()
    await play({ 'SEARCH $': 'SEARCH', 'SEARCH RETURN (SAVE) FLAGGED': '' })
    await play({
      'SEARCH $': 'SEARCH 2 10 11',
      'UID SEARCH UID $ SMALLER 4096': `SEARCH ${uids[1]} ${uids[9]} ${uids[10]}`,
      'SEARCH OR $ 1,3000:3021': 'SEARCH 1 2 10 11',
      'SEARCH NOT $ 1:3': 'SEARCH 1 3',
    })
    // Neither without SAVE, nor after BAD.
    await play({ 'SEARCH RETURN (ALL) 1': 'ESEARCH (TAG "a1") ALL 1' })
    await assert.rejects(box.run('SEARCH RETURN (SAVE) NONSENSE'), ImapSyntaxError)
    await assert.rejects(box.run('SEARCH CHARSET KOI8-R TEXT x'), isBadCharset)
    await play({ 'SEARCH $': 'SEARCH 2 10 11' })

    const save = async (returns: string, keys: string, saved: string) => {
      await box.run(`SEARCH RETURN (${returns}) ${keys}`)
      await play({ 'SEARCH RETURN (ALL) $': saved })
    }
    await save('SAVE MIN', 'FLAGGED', 'ESEARCH (TAG "a1") ALL 2')
    await save('MAX SAVE', 'FLAGGED', 'ESEARCH (TAG "a1") ALL 11')
    await save('MIN SAVE MAX', 'FLAGGED', 'ESEARCH (TAG "a1") ALL 2,11')
    await save('MIN SAVE MAX', '5', 'ESEARCH (TAG "a1") ALL 5')
    await save('MIN SAVE MAX', 'DELETED', 'ESEARCH (TAG "a1")')
    await save('SAVE MIN COUNT', 'FLAGGED', 'ESEARCH (TAG "a1") ALL 2,10:11')
    await save('SAVE MAX ALL', 'FLAGGED', 'ESEARCH (TAG "a1") ALL 2,10:11')
    await save('SAVE', '$ 10', 'ESEARCH (TAG "a1") ALL 10')
    await play({
      'UID SEARCH RETURN (SAVE MIN) FLAGGED': `ESEARCH (TAG "a1") UID MIN ${uids[1]}`,
    })
    assert.deepEqual(box.saved.set.ranges, [{ first: uids[1], last: uids[1] }])
  })

  test('and forgets what was saved when a search that was to be saved is refused', async () => {
    await box.run('SEARCH RETURN (SAVE) ALL')
    assert.throws(
      () => args('SEARCH RETURN (SAVE) CHARSET KOI8-R (OR $ 1,3000:3021) TEXT x'),
      (error: unknown) => error instanceof UnsavedSearchError && isBadCharset(error),
    )
    assert.throws(
      () => args(`SEARCH RETURN (SAVE) ${'ALL '.repeat(501)}ALL`),
      (error: unknown) => error instanceof UnsavedSearchError && error.code === 'LIMIT',
    )
    const ended = new Error('gone')
    await assert.rejects(box.run('SEARCH RETURN (SAVE) ALL', AbortSignal.abort(ended)), ended)
    assert.deepEqual(box.saved.set.ranges, [])
  })

  test('and forgets what is expunged', async () => {
    await box.run('SEARCH RETURN (SAVE) FLAGGED')
    await box.store.mailboxes.expunge(box.mailbox, [uids[9] as number])
    await play({ 'UID SEARCH $': `SEARCH ${uids[1]} ${uids[10]}` })
    box.saved.clear()
    await play({ 'UID SEARCH $': 'SEARCH' })
  })
})
