import { pipeline } from 'node:stream'
import { decodeStream } from '../../mime/decode.ts'
import { findPart } from '../../mime/structure.ts'
import type { MailStore } from '../../store/mail-store.ts'
import { FileNames } from '../file-name.ts'
import { archiveResponse } from '../mail-response.ts'
import { matcherQuery } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import { route } from '../route.ts'
import { peek } from '../stream.ts'
import { writeZip, type ZippedFile } from '../zip.ts'
import { find, gone, idOrLatest, reading } from './found.ts'
import { selectIds, selectionQuery } from './selection.ts'

/** The note about what was deleted while the archive was made. */
const NOTE = 'NOT IN THIS ARCHIVE.txt'

const zipAnswer = { 200: { description: 'The archive', types: ['application/zip'] } } as const

/** `GET /v1/messages.zip` */
export const getMessagesZip = route({
  method: 'get',
  path: '/v1/messages.zip',
  summary: 'Download several messages as one archive of .eml files',
  group: 'Messages',
  example: `curl '/v1/messages.zip?all=true' -o messages.zip`,
  description:
    'It is written while it is sent, oldest message first. A message that is deleted meanwhile, before its turn, is named in a note at the end.',
  query: selectionQuery,
  answers: zipAnswer,
  async handle(call) {
    const { store } = call.http
    const ids = await selectIds(call.query, undefined, call.http)
    if (ids.length === 0) throw new HttpProblem(404, 'No message matches.')
    return archiveResponse(() => writeZip(messageFiles(ids, store)), 'messages.zip', call)
  },
})

/** `GET /v1/messages/{id}/attachments.zip` */
export const getAttachmentsZip = route({
  method: 'get',
  path: '/v1/messages/{id}/attachments.zip',
  summary: 'Download all attachments of a message as one archive',
  group: 'Messages',
  example: `curl '/v1/messages/latest/attachments.zip' -o attachments.zip`,
  description: 'Pictures that are shown in the text are not among them.',
  parameters: { id: idOrLatest },
  query: matcherQuery,
  answers: zipAnswer,
  async handle(call) {
    const { path, query, http } = call
    const { store } = http
    const { number } = await find(path.id, query, http)
    const files = await reading(number, store, () => attachmentFiles(number, store))
    const name = `mail-${number}-attachments.zip`
    return archiveResponse(() => writeZip(files), name, call)
  },
})

async function* messageFiles(ids: readonly number[], store: MailStore): AsyncGenerator<ZippedFile> {
  const names = new FileNames()
  const missing: string[] = []
  for (const id of ids) {
    const entry = store.entry(id)
    const file =
      entry &&
      (await opened(id, store, {
        name: names.take(`${id} ${entry.message.subject || 'No subject'}.eml`),
        modifiedAt: entry.message.receivedAt,
        open: () => store.raw(id),
      }))
    if (file) yield file
    else missing.push(`Message ${id}`)
  }
  yield* noteOf(missing, names)
}

/** The attachments that the message lists, in its order. Throws a 404 where there are none. */
async function attachmentFiles(id: number, store: MailStore): Promise<AsyncIterable<ZippedFile>> {
  const [content, root] = [await store.content(id), await store.structure(id)]
  const entry = store.entry(id)
  if (!entry || !root) throw gone(id)
  const listed = content?.attachments.filter(({ inline }) => !inline) ?? []
  if (listed.length === 0) throw new HttpProblem(404, `Message ${id} has no attachments.`)
  async function* files(root: NonNullable<Awaited<ReturnType<MailStore['structure']>>>) {
    const names = new FileNames()
    const missing: string[] = []
    for (const { part: number, name } of listed) {
      const part = findPart(root, number)
      const wanted = names.take(name || `part-${number}`)
      const file =
        part &&
        (await opened(id, store, {
          name: wanted,
          modifiedAt: entry?.message.receivedAt ?? 0,
          open: () => {
            const slice = store.raw(id, { start: part.bodyStart, end: part.end })
            return slice && pipeline(slice, decodeStream(part), () => {})
          },
        }))
      if (file) yield file
      else missing.push(wanted)
    }
    yield* noteOf(missing, names)
  }
  return files(root)
}

/** A file whose first octets were read: it stays readable from here on. Undefined where the message is gone. */
async function opened(
  id: number,
  store: MailStore,
  file: Pick<ZippedFile, 'name' | 'modifiedAt'> & {
    readonly open: () => AsyncIterable<Uint8Array> | undefined
  },
): Promise<ZippedFile | undefined> {
  const { open, name, modifiedAt } = file
  const octets = open()
  if (!octets) return undefined
  try {
    const { all, close } = await peek(octets, 1)
    return { name, modifiedAt, octets: all, close }
  } catch (error) {
    if (store.entry(id)) throw error
    return undefined
  }
}

async function* noteOf(missing: readonly string[], names: FileNames): AsyncGenerator<ZippedFile> {
  if (missing.length === 0) return
  const lines = ['Deleted while this archive was made:', '', ...missing, '']
  async function* octets() {
    yield Buffer.from(lines.join('\r\n'))
  }
  yield { name: names.take(NOTE), modifiedAt: Date.now(), octets: octets(), close: async () => {} }
}
