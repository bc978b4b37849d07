import assert from 'node:assert/strict'
import { Connection } from '../../../server/imap/connection.ts'
import { MailboxWatch } from '../../../server/imap/mailbox-watch.ts'
import { RecentMessages } from '../../../server/imap/recent.ts'
import { Session } from '../../../server/imap/session.ts'
import { readResponses } from '../../helpers/imap-responses.ts'
import { MemorySocket, segmentsOf } from '../../helpers/memory-socket.ts'
import type { Random } from '../../helpers/random.ts'
import { checkConversation } from '../imap-conversation.ts'
import { ImapGrammar } from '../imap-grammar.ts'
import { IMAP_WORDS } from '../imap-words.ts'
import { MAX_MESSAGE, SeededStore } from '../seeded-store.ts'
import type { Target } from '../target.ts'
import { breakStream, cutsOf, textOf } from '../wire.ts'

let seeded = await SeededStore.open()

export const target: Target = {
  name: 'imap-session',
  growth:
    'commands run on a mailbox: twice as many messages put there and as many commands take four times as long',

  make(random: Random): Uint8Array {
    return breakStream(random, new ImapGrammar(random).session(), IMAP_WORDS)
  },

  async check(input: Uint8Array): Promise<void> {
    const whole = await play([input])
    checkConversation(textOf(input), readResponses(whole))
    // What is older or younger than some seconds is so at one time, and not at another (RFC 5032).
    if (/older|younger/i.test(textOf(input))) return
    const cut = await play(segmentsOf(input, cutsOf(input)))
    assert.equal(comparable(cut), comparable(whole), 'the segments matter')
  },
}

/** Everything that a session says to a client which says this; packed octets are left out. */
async function play(segments: Iterable<Uint8Array>): Promise<string> {
  const { store } = seeded
  const socket = new MemorySocket(segments)
  const watch = new MailboxWatch(store)
  const faults: unknown[] = []
  const session = new Session(new Connection(socket.socket, 1_000), {
    ...{ store, watch, recent: new RecentMessages(), auth: null, secureContext: null },
    ...{ allowDelete: true, maxMessageSize: MAX_MESSAGE },
    ...{ loginTimeout: 5_000, idleTimeout: 5_000, messageTimeout: 5_000 },
    log: {
      info: () => {},
      warn: event => faults.push(event),
      error: (event, cause) => faults.push(cause ?? event),
    },
  })
  await session.serve(null)
  watch.close()
  socket.destroy()
  const sent = textOf(socket.sent)
  seeded = await seeded.next()
  if (faults.length > 0) throw faults[0]
  assert.doesNotMatch(sent, /\[SERVERBUG\]/)
  // What is packed is left to the tests of COMPRESS; whether octets come behind it is a matter of time.
  return sent.replace(/(OK DEFLATE active\r\n).*/s, '$1')
}

/** But for what depends on when it happened, and on what happened before: new messages have other UIDs each time. */
const comparable = (sent: string): string =>
  (/\[(?:APPEND|COPY)UID /.test(sent) ? sent.replace(/\d+(?:[:,]\d+)*/g, '#') : sent)
    .replace(/^\+ \S+/gm, '+ challenge')
    .replace(/^\S+ (?:OK DEFLATE active|BYE octets came behind COMPRESS).*/ms, 'compressed')
    .replace(
      /(MODSEQ \(?|HIGHESTMODSEQ |MODIFIED |UIDVALIDITY |UIDNEXT |(?:APPEND|COPY)UID )[\d ]+/g,
      '$1#',
    )
    .replace(/(INTERNALDATE|SAVEDATE) "[^"]*"/g, '$1')
    .replace(/\b[MF]\d+-\d+/g, '#')
