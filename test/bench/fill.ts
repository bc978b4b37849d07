import { join } from 'node:path'
import { readHeader } from '../../server/mime/header.ts'
import { previewOf, searchTextOf } from '../../server/mime/search-text.ts'
import { summarise } from '../../server/mime/summary.ts'
import { toMessage } from '../../server/store/arrival.ts'
import { ChangeLog } from '../../server/store/change-log.ts'
import { diskFs } from '../../server/store/disk-fs.ts'
import { blockSize } from '../../server/store/entries.ts'
import { RawFiles } from '../../server/store/raw-files.ts'
import { SearchTexts } from '../../server/store/search-texts.ts'
import { Segments } from '../../server/store/segments.ts'
import { State } from '../../server/store/state.ts'

const options = { fsync: false, log: (line: string) => console.error(line) }
const firstNames = 'Ann Bob Eve Zoë Max Ida Jan Lea Tom Mia'.split(' ')
const words = (
  'your order has been shipped and will arrive soon thank you for the trust in us the invoice is attached please ' +
  'confirm this address within two days or the account stays closed our team answers every question by mail'
).split(' ')

/** 1.4 kB of text: `order` is in each, `wombat` in one of 50 000, `blue parcel` in one of 100. */
const body = (serial: number): string => {
  const rare = serial % 50_000 === 777 ? 'The wombat sleeps. ' : ''
  const phrase = serial % 100 === 42 ? 'It is the blue parcel. ' : ''
  let text = `Dear customer,\r\nyour order ${serial} is on its way. ${rare}${phrase}`
  for (let index = serial; text.length < 1_400; index++) {
    text += `${words[(index * 7 + (serial >> 3)) % words.length]}${index % 12 === 0 ? '\r\n' : ' '}`
  }
  return text
}

/** What `fill` stores under this number. */
export const filledMail = (serial: number): Buffer => mail(serial, body(serial))

const mail = (serial: number, text: string): Buffer => {
  const name = firstNames[serial % firstNames.length]
  const sender = `${name?.toLowerCase().replace('ë', 'e')}${serial % 1_000}@shop.example`
  return Buffer.from(
    `From: ${name} of the shop <${sender}>\r\nTo: Customer ${serial} <customer${serial}@example.org>\r\n` +
      `Subject: Order ${serial} =?utf-8?q?best=C3=A4tigt?=\r\nMessage-ID: <${serial}.${serial % 97}@shop.example>\r\n` +
      'Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n' +
      `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`,
  )
}

/**
 * Makes a data directory of `count` parsed messages by the store's own writers, past the protocol and the parser: a
 * minute's work becomes a few seconds'.
 */
export const fill = async (directory: string, count: number): Promise<void> => {
  const raw = new RawFiles(diskFs, join(directory, 'raw'), options)
  await raw.open()
  const texts = new SearchTexts(diskFs, join(directory, 'text'), options.log)
  await texts.open()
  const segments = new Segments(diskFs, directory, () => 1, options)
  const state = new State(1, segments, () => 0)
  const { changeLog } = await ChangeLog.open(diskFs, join(directory, 'changes'), options)
  for (let number = 1; number <= count; number++) {
    const text = body(number)
    const octets = mail(number, text)
    const head = {
      envelope: { mailFrom: 'bounce@shop.example', rcptTo: [`customer${number}@example.org`] },
      listener: 'smtp',
      helo: 'app.example',
      receivedAt: 1_795_000_000_000 + number * 1_000,
    }
    const draft = raw.draft(() => head)
    await draft.write(octets)
    const start = await draft.finish(number, head)
    const summary = summarise(readHeader(octets))
    const message = toMessage(number, head, summary, {
      size: octets.length,
      start,
      bareEnds: 0,
      hasOpenEnd: false,
    })
    state.put(state.inbox, {
      number,
      message: { ...message, parsed: true, preview: previewOf(text) },
      flags: number % 3 === 0 ? ['\\Seen'] : [],
      tags: [],
      modseq: number,
      internalDate: head.receivedAt,
      savedAt: head.receivedAt,
    })
    texts.put(number, { ...searchTextOf(summary, [], text), isWhole: true })
    if (number % (10 * blockSize) === 0) await Promise.all([texts.flush(), segments.flush()])
  }
  await changeLog.append([{ op: 'reserve', ids: count + 1, seqs: count + 1 }], () => {})
  await texts.flush()
  await segments.close()
  await changeLog.close()
}
