import { messageList } from '../documents.ts'
import { matcherOfQuery, matcherQuery } from '../matcher.ts'
import { invalid } from '../query.ts'
import type { MessageList } from '../resources.ts'
import { json, route } from '../route.ts'
import { summaryOf } from '../summary.ts'
import { queryCount, queryId } from '../values.ts'
import { pickMatcher } from './found.ts'

/** `GET /v1/messages`: a page of what matches. */
export const listMessages = route({
  method: 'get',
  path: '/v1/messages',
  summary: 'List messages, newest first',
  group: 'Messages',
  example: `curl -s '/v1/messages?rcpt=ann@example.com&unread=true&limit=10'`,
  description:
    'A page goes on where the last one ended (`before`, its lowest id), or anywhere by `offset` inside the snapshot `upto`, the `cursor` of the first answer.',
  query: {
    limit: queryCount(1, 1_000).default(50).meta({ description: 'How many at most' }),
    before: queryId.optional().meta({ description: 'Only ids below this one' }),
    offset: queryCount(0, 9_999_999_999)
      .optional()
      .meta({ description: 'Skip so many; with `upto`, so that new mail shifts nothing' }),
    ...matcherQuery,
  },
  answers: { 200: { description: 'The page', schema: messageList } },
  async handle({ query, http: { store } }) {
    const { limit, before, offset } = query
    if (before !== undefined && offset !== undefined) {
      throw invalid('offset', 'does not go together with before')
    }
    // Taken in the same step as the page's feed: what comes in later is after both.
    const { cursor } = store
    const { entries, total, unread, feed, isPartial } = await store.list(
      matcherOfQuery(pickMatcher(query), cursor),
      {
        limit,
        isInteractive: true,
        ...(before === undefined ? {} : { before }),
        ...(offset === undefined ? {} : { offset }),
      },
    )
    const list: MessageList = {
      messages: entries.map(summaryOf),
      total,
      unread,
      cursor,
      feed,
      ...(isPartial ? { partial: true } : {}),
    }
    return json(list)
  },
})
