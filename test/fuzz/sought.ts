import type { Entry } from '../../server/store/message.ts'

const RECEIVED = Date.parse('2026-11-21T10:00:00Z')

/** A message in which a text stands wherever a search may look. */
export const sought = (text: string): Entry => {
  const address = { name: text, address: text }
  return {
    number: 42,
    flags: ['\\Flagged'],
    tags: [text],
    modseq: 7,
    internalDate: RECEIVED,
    savedAt: RECEIVED,
    message: {
      id: 42,
      receivedAt: RECEIVED,
      size: 20_000,
      bareEnds: 0,
      hasOpenEnd: false,
      start: 100,
      mailFrom: text,
      rcptTo: [text],
      from: [address],
      to: [address],
      cc: [address],
      bcc: [],
      replyTo: [address],
      subject: text,
      messageId: text,
      date: null,
      authUser: text,
      inboxes: [],
      preview: '',
      parsed: true,
      attachments: 1,
      inlines: 0,
      warnings: 0,
    },
  }
}
