import { cursorDocument, stats as statsDocument } from './documents.ts'
import type { Stats } from './resources.ts'
import { json, route } from './route.ts'

const plain = (text: string, type = 'text/plain; charset=utf-8'): Response =>
  new Response(text, { headers: { 'content-type': type } })

/** `GET /v1/cursor`: for scripts, which can ask for it as plain text. */
export const getCursor = route({
  method: 'get',
  path: '/v1/cursor',
  summary: 'Get the newest id ever given: the place to wait from',
  group: 'Waiting',
  example: `curl -s -H 'accept: text/plain' '/v1/cursor'`,
  description: 'With `Accept: text/plain` just the number.',
  answers: {
    200: {
      description: 'The id, 0 before the first message',
      schema: cursorDocument,
      types: ['text/plain'],
    },
  },
  handle({ incoming, http: { store } }) {
    const isPlain = (incoming.headers.accept ?? '').startsWith('text/plain')
    return isPlain ? plain(`${store.cursor}\n`) : json({ cursor: store.cursor })
  },
})

/** `GET /v1/stats` */
export const getStats = route({
  method: 'get',
  path: '/v1/stats',
  summary: 'Get counts, limits and ports',
  group: 'Server',
  example: `curl -s '/v1/stats'`,
  answers: { 200: { description: 'The counts', schema: statsDocument } },
  handle({ http }) {
    const { store, version, limits, ports, startedAt, allowDelete, allowRemote } = http
    const stats: Stats = {
      version,
      total: store.total,
      unread: store.unread,
      bytes: store.bytes,
      cursor: store.cursor,
      uptime: (Date.now() - startedAt) / 1_000,
      limits,
      ports: ports(),
      deleteAllowed: allowDelete,
      remoteAllowed: allowRemote,
    }
    return json(stats)
  },
})

/** `GET /livez`: the process answers. */
export const getLivez = route({
  method: 'get',
  path: '/livez',
  summary: 'Tell whether the process is alive',
  group: 'Server',
  example: `curl -s '/livez'`,
  answers: { 200: { description: 'It is', types: ['text/plain'] } },
  handle: () => plain('ok\n'),
})

/** `GET /readyz`: mail can come in; as the store is open before anything listens, that is as long as we answer. */
export const getReadyz = route({
  method: 'get',
  path: '/readyz',
  summary: 'Tell whether mail is taken',
  group: 'Server',
  example: `curl -s '/readyz'`,
  answers: { 200: { description: 'It is', types: ['text/plain'] } },
  handle: () => plain('ok\n'),
})

/** `GET /metrics`: the Prometheus text format, version 0.0.4. */
export const getMetrics = route({
  method: 'get',
  path: '/metrics',
  summary: 'Get counts for Prometheus',
  group: 'Server',
  example: `curl -s '/metrics'`,
  answers: { 200: { description: 'The counts', types: ['text/plain'] } },
  handle({ http: { store, version, live, patients, startedAt } }) {
    const metrics: [name: string, type: 'counter' | 'gauge', help: string, value: number][] = [
      ['mailcatch_messages', 'gauge', 'Messages in the store.', store.total],
      ['mailcatch_messages_unread', 'gauge', 'Unread messages in the store.', store.unread],
      ['mailcatch_messages_bytes', 'gauge', 'Octets of all raw messages.', store.bytes],
      [
        'mailcatch_messages_weight_bytes',
        'gauge',
        'What --max-bytes counts of them: envelopes, addresses and tags too.',
        store.weight,
      ],
      [
        'mailcatch_kept_messages',
        'gauge',
        'Messages that mail clients keep in folders.',
        store.kept.messages,
      ],
      [
        'mailcatch_kept_weight_bytes',
        'gauge',
        'What --max-bytes counts of these.',
        store.kept.bytes,
      ],
      ['mailcatch_last_id', 'counter', 'The newest id ever given.', store.cursor],
      ['mailcatch_event_streams', 'gauge', 'Open event streams.', live.size],
      ['mailcatch_waiting', 'gauge', 'Requests that wait for mail.', patients.size],
      [
        'mailcatch_transactions',
        'gauge',
        'Open SMTP transactions.',
        store.transactions.open.length,
      ],
      ['process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()],
      ['process_start_time_seconds', 'gauge', 'Start, in Unix time.', startedAt / 1_000],
    ]
    const lines = metrics.flatMap(([name, type, help, value]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      `${name} ${value}`,
    ])
    const build = [
      '# HELP mailcatch_build_info The version, as a label.',
      '# TYPE mailcatch_build_info gauge',
      `mailcatch_build_info{version="${version}"} 1`,
    ]
    return plain(`${[...build, ...lines].join('\n')}\n`, 'text/plain; version=0.0.4; charset=utf-8')
  },
})
