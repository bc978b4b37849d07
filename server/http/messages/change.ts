import * as z from 'zod'
import type { EntryPatch } from '../../store/mail-store.ts'
import { maxTags } from '../../store/tags.ts'
import { checkDeleting } from '../check-deleting.ts'
import { changedDocument, deletedDocument } from '../documents.ts'
import { matcherBody } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import { json, route } from '../route.ts'
import { queryId } from '../values.ts'
import { findById } from './found.ts'
import { selectIds, selectionQuery } from './selection.ts'

const tags = z
  .array(
    z
      .string()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}]*$/u),
  )
  .max(maxTags)

const patchShape = {
  unread: z.boolean().optional(),
  flagged: z.boolean().optional(),
  tags: tags.optional().meta({ description: 'The tags to have from now on' }),
  addTags: tags.optional().meta({
    description: 'Tags to add to those it has; more than 100 in all are a 400, and nothing changes',
  }),
  removeTags: tags.optional().meta({ description: 'Tags to take away' }),
}

const matcher = matcherBody
  .optional()
  .meta({ description: 'Which messages, instead of a matcher in the query' })

/** `PATCH /v1/messages/{id}` */
export const patchMessage = route({
  method: 'patch',
  path: '/v1/messages/{id}',
  summary: 'Change flags and tags of a message',
  group: 'Messages',
  example: `curl -s -X PATCH '/v1/messages/{id}' \\
  -H 'content-type: application/json' -d '{"flagged":true}'`,
  parameters: { id: queryId },
  body: z.strictObject(patchShape),
  answers: { 200: { description: 'How many changed', schema: changedDocument } },
  async handle({ path, body, http }) {
    findById(path.id, http.store)
    return json({ changed: await http.store.update([path.id], patchOf(body)) })
  },
})

/** `PATCH /v1/messages` */
export const patchMessages = route({
  method: 'patch',
  path: '/v1/messages',
  summary: 'Change flags and tags of several messages',
  group: 'Messages',
  example: `curl -s -X PATCH '/v1/messages?rcpt=ann@example.com' \\
  -H 'content-type: application/json' -d '{"unread":false,"addTags":["seen"]}'`,
  query: selectionQuery,
  body: z.strictObject({ ...patchShape, matcher }),
  answers: { 200: { description: 'How many changed', schema: changedDocument } },
  async handle({ query, body, http }) {
    const { matcher, ...values } = body
    const patch = patchOf(values)
    const ids = await selectIds(query, matcher, http)
    return json({ changed: ids.length === 0 ? 0 : await http.store.update(ids, patch) })
  },
})

/** `DELETE /v1/messages/{id}` */
export const deleteMessage = route({
  method: 'delete',
  path: '/v1/messages/{id}',
  summary: 'Delete a message for good',
  group: 'Messages',
  example: `curl -s -X DELETE '/v1/messages/{id}'`,
  parameters: { id: queryId },
  answers: { 200: { description: 'How many there were', schema: deletedDocument } },
  async handle({ path, http }) {
    checkDeleting(http)
    findById(path.id, http.store)
    return json({ deleted: await http.store.remove([path.id]) })
  },
})

/** `DELETE /v1/messages` */
export const deleteMessages = route({
  method: 'delete',
  path: '/v1/messages',
  summary: 'Delete several messages for good',
  group: 'Messages',
  example: `curl -s -X DELETE '/v1/messages?receivedBefore=2026-01-31'`,
  query: selectionQuery,
  body: z.strictObject({ matcher }).optional(),
  answers: { 200: { description: 'How many there were', schema: deletedDocument } },
  async handle({ query, body, http }) {
    checkDeleting(http)
    const ids = await selectIds(query, body?.matcher, http)
    return json({ deleted: ids.length === 0 ? 0 : await http.store.remove(ids) })
  },
})

function patchOf(values: { [Key in keyof EntryPatch]: EntryPatch[Key] | undefined }): EntryPatch {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  if (given.length === 0) {
    throw new HttpProblem(400, 'Say what to change: unread, flagged, tags, addTags or removeTags.')
  }
  if (values.tags && (values.addTags || values.removeTags)) {
    throw new HttpProblem(
      400,
      'tags replaces; it does not go together with addTags or removeTags.',
      {
        parameter: 'tags',
      },
    )
  }
  return Object.fromEntries(given) as EntryPatch
}
