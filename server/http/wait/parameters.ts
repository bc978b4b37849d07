import { jsonBoolean, jsonCount, queryBoolean, queryCount } from '../values.ts'
import { jsonDuration, queryDuration } from './duration.ts'

/** The parameters of the calls that wait, beside the matcher's keys: in a query, and in JSON. */

/** Of a call that was not told how long to wait, in milliseconds. */
export const usualTimeout = 10_000
/** Messages of one answer. */
export const mostMessages = 100

const meanings = {
  timeout: 'How long to wait, at most 120s: `10s`, `500ms`, or seconds; 10s unless given',
  count: 'How many messages have to match; 1 unless given',
  exact: 'Whether more than `count` are an error',
  settle: 'How long no more may come, at most 120s: `1s`, `200ms`, or milliseconds; 0 unless given',
}

export const timeout = {
  query: queryDuration('s').optional().meta({ description: meanings.timeout }),
  json: jsonDuration('s').optional().meta({ description: meanings.timeout }),
}

export const count = {
  query: queryCount(1, mostMessages).optional().meta({ description: meanings.count }),
  json: jsonCount(1, mostMessages).optional().meta({ description: meanings.count }),
}

export const exact = {
  query: queryBoolean.optional().meta({ description: meanings.exact }),
  json: jsonBoolean.optional().meta({ description: meanings.exact }),
}

export const settle = {
  query: queryDuration('ms').optional().meta({ description: meanings.settle }),
  json: jsonDuration('ms').optional().meta({ description: meanings.settle }),
}
