import * as z from 'zod'
import { facetKinds } from '../store/facets.ts'
import { facets as facetsDocument } from './documents.ts'
import type { Facets } from './resources.ts'
import { json, route } from './route.ts'
import { pattern, queryCount } from './values.ts'

/** `GET /v1/facets`: whom the mail is for and from, and its tags, counted. */
export const getFacets = route({
  method: 'get',
  path: '/v1/facets',
  summary: 'Count messages by recipient, sender and tag',
  group: 'Messages',
  example: `curl -s '/v1/facets?kind=recipients&limit=5'`,
  description:
    'The values that most messages have, first. What differs in case alone is one value, as in a search: `q=rcpt:<ann@example.com>` finds the messages that a recipient counts.',
  query: {
    limit: queryCount(1, 1_000).default(20).meta({ description: 'Of each kind at most so many' }),
    filter: pattern.optional().meta({ description: 'Only values with this in them' }),
    kind: z.enum(facetKinds).optional().meta({ description: 'Only this kind' }),
  },
  answers: { 200: { description: 'The counts', schema: facetsDocument } },
  async handle({ query: { limit, filter, kind }, http: { store } }) {
    const counts = await store.facets({
      limit,
      ...(filter === undefined ? {} : { filter }),
      ...(kind === undefined ? {} : { kind }),
    })
    const { total, unread } = store
    const facets: Facets = { total, unread, ...counts }
    return json(facets)
  },
})
