import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { MessagePart } from '../../../server/http/resources.ts'
import { lookKind } from '../../../web/parts/look-kind.ts'

const part = (contentType: string, parts: readonly MessagePart[] = []): MessagePart => ({
  part: '1',
  contentType,
  charset: null,
  encoding: '7bit',
  disposition: null,
  name: '',
  cid: null,
  octets: 0,
  size: 0,
  parts,
})

it('A part is looked at as what it is, and what could run or be a page is not', () => {
  const kinds: Readonly<Record<string, string | null>> = {
    'image/png': 'image',
    'image/svg+xml': 'text',
    'image/tiff': null,
    'text/plain': 'text',
    'text/javascript': 'text',
    'text/html': null,
    'application/xhtml+xml': null,
    'application/pdf': null,
    'application/octet-stream': null,
    'text/csv': 'table',
    'application/json': 'json',
    'application/ld+json': 'json',
    'text/calendar': 'calendar',
    'message/rfc822': 'message',
    'message/delivery-status': 'text',
  }
  for (const [type, kind] of Object.entries(kinds)) assert.equal(lookKind(part(type)), kind, type)
  assert.equal(lookKind(part('multipart/mixed', [part('text/plain')])), null)
  assert.equal(lookKind(part('message/rfc822', [part('text/plain')])), 'message')
})
