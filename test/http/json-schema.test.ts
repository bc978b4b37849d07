import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitsOf, membersOf, typeOf } from '../../server/http/docs/json-schema.ts'

test('A type is told in words, with the schemas it refers to', () => {
  assert.deepEqual(typeOf({ type: 'integer' }), ['integer'])
  assert.deepEqual(typeOf({ type: ['string', 'null'] }), ['string or null'])
  assert.deepEqual(typeOf({ type: 'string', format: 'date-time' }), ['date and time'])
  assert.deepEqual(typeOf({ enum: ['a', 'b'] }), [{ value: 'a' }, ' or ', { value: 'b' }])
  assert.deepEqual(typeOf({}), ['anything'])
  assert.deepEqual(
    typeOf({
      anyOf: [
        { const: 'now' },
        { type: 'array', items: { $ref: '#/components/schemas/Address' } },
        { type: 'object', additionalProperties: { type: 'string' } },
      ],
    }),
    [{ value: 'now' }, ' or ', 'list of ', { ref: 'Address' }, ' or ', 'object of ', 'string'],
  )
})

test('Limits are told where they limit something', () => {
  assert.deepEqual(limitsOf({ minimum: 1, maximum: 1_000, default: 50 }), [
    '1 to 1000',
    'default 50',
  ])
  assert.deepEqual(limitsOf({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), ['0 or more'])
  assert.deepEqual(limitsOf({ minimum: Number.MIN_SAFE_INTEGER, maximum: 9 }), ['at most 9'])
  assert.deepEqual(limitsOf({ default: false }), ['default false'])
  assert.deepEqual(limitsOf({ maxItems: 50, items: { minLength: 1, maxLength: 100 } }), [
    'each not empty',
    'each at most 100 characters',
    'at most 50 of them',
  ])
})

test('Members of members are named by their path', () => {
  const name = { type: 'string' }
  const inner = { type: 'object', properties: { name }, required: ['name'] }
  const schema = {
    properties: { one: inner, many: { type: 'array', items: inner } },
    required: ['many'],
  }
  assert.deepEqual(
    [...membersOf(schema)].map(member => [member.name, member.isRequired]),
    [
      ['one', false],
      ['one.name', true],
      ['many', true],
      ['many[].name', true],
    ],
  )
})
