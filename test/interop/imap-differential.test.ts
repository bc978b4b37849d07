import { test } from 'node:test'
import { hasDovecot, startDovecot } from '../helpers/dovecot.ts'
import { startMailServer } from '../helpers/mail-server.ts'
import { compare, type KnownDifference } from './differential.ts'
import { playImap } from './imap-dialogue.ts'
import { IMAP_DIALOGUES } from './imap-dialogues.ts'
import { agree } from './imap-normal.ts'

const KNOWN: readonly KnownDifference[] = []

test('IMAP: Mailcatch answers as Dovecot does', async t => {
  if (!hasDovecot()) return t.skip('not installed: dovecot')
  const theirs = await startDovecot()
  t.after(() => theirs.close())
  const ours = await startMailServer(t)
  const known = ours.name === 'dovecot' ? [] : KNOWN
  await compare(t, [ours, theirs], playImap, IMAP_DIALOGUES, known, agree)
})
