import { reference } from './docs/reference.ts'
import { getEvents } from './events.ts'
import { getFacets } from './facets.ts'
import { deleteInbox, getInbox, listInboxes, makeInbox } from './inboxes/inboxes.ts'
import { getAttachmentsZip, getMessagesZip } from './messages/archive.ts'
import { deleteMessage, deleteMessages, patchMessage, patchMessages } from './messages/change.ts'
import { getChecks } from './messages/checks.ts'
import { getMessage } from './messages/detail.ts'
import { importMessage } from './messages/import.ts'
import { listMessages } from './messages/list.ts'
import { getPart } from './messages/part.ts'
import { getParts } from './messages/parts.ts'
import { getRaw } from './messages/raw.ts'
import { selectInMessage } from './messages/select.ts'
import { getHtml, getMailFrame, getText } from './messages/text.ts'
import { describeApi } from './openapi.ts'
import { json, type Route, route } from './route.ts'
import { getCursor, getLivez, getMetrics, getReadyz, getStats } from './status.ts'
import { getCode } from './wait/code.ts'
import { postExpect } from './wait/expect.ts'
import { getLink } from './wait/link.ts'
import { postNone } from './wait/none.ts'
import { getWait, postWait } from './wait/wait.ts'

/** `GET /v1/openapi.json`: the description of all the others. */
const getOpenapi = route({
  method: 'get',
  path: '/v1/openapi.json',
  summary: 'Get this description (OpenAPI 3.1)',
  group: 'Server',
  example: `curl -s '/v1/openapi.json'`,
  answers: { 200: { description: 'The description', types: ['application/json'] } },
  handle: ({ http: { version, basePath } }) => json(describeApi(routes, version, basePath)),
})

/** `GET /v1/docs`: the same for people. */
const getDocs = route({
  method: 'get',
  path: '/v1/docs',
  summary: 'Show this page',
  group: 'Server',
  example: "curl -s '/v1/docs'",
  answers: { 200: { description: 'The page', types: ['text/html'] } },
  handle: ({ incoming, http }) => reference(routes, incoming.headers.host ?? '', http),
})

/** Every call there is: what is in the table is served, validated and documented. */
export const routes: readonly Route[] = [
  listMessages,
  getFacets,
  importMessage,
  patchMessages,
  deleteMessages,
  getMessagesZip,
  getMessage,
  patchMessage,
  deleteMessage,
  getRaw,
  getText,
  getHtml,
  getParts,
  getPart,
  getChecks,
  getAttachmentsZip,
  selectInMessage,
  getWait,
  postWait,
  getCode,
  getLink,
  postNone,
  postExpect,
  makeInbox,
  listInboxes,
  getInbox,
  deleteInbox,
  getCursor,
  getStats,
  getEvents,
  getOpenapi,
  getDocs,
  getMailFrame,
  getLivez,
  getReadyz,
  getMetrics,
]
