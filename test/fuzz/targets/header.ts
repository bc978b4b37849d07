import assert from 'node:assert/strict'
import {
  addressEntries,
  MAX_ADDRESSES,
  readAddressList,
} from '../../../server/mime/address-list.ts'
import { decodeText } from '../../../server/mime/charset.ts'
import { readDate, readDay } from '../../../server/mime/date.ts'
import { decodeEncodedWords } from '../../../server/mime/encoded-word.ts'
import { type Header, HeaderCollector, headerEnd, readHeader } from '../../../server/mime/header.ts'
import { readParameters, readWrittenParameters } from '../../../server/mime/parameters.ts'
import { readPartFields } from '../../../server/mime/part-fields.ts'
import { summarise } from '../../../server/mime/summary.ts'
import { CHARSETS, headerLines } from '../mail-text.ts'
import { mutate } from '../mutate.ts'
import { inPieces } from '../pieces.ts'
import type { Target } from '../target.ts'

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/

const checkFields = (header: Header, octets: Buffer): void => {
  let before = 0
  for (const field of header.fields) {
    assert.ok(field.start >= before && field.end > field.start && field.end <= octets.length)
    before = field.end
    assert.equal(
      octets.toString('latin1', field.start, field.start + field.name.length),
      field.name,
    )
    assert.doesNotMatch(field.text, CONTROLS, 'the text of a field')
    assert.doesNotMatch(field.value, CONTROLS, 'the value of a field')
    const named = header.all(field.name)
    assert.ok(named.includes(field) && named[0] === header.first(field.name))
  }
  assert.ok(header.bodyStart >= before && header.bodyStart <= octets.length)
  assert.ok(header.isComplete || header.bodyStart === octets.length)
}

/** However it is cut into pieces, the header that is collected is the same. */
const checkPieces = (octets: Buffer): void => {
  const collector = new HeaderCollector()
  for (const piece of inPieces(octets)) collector.take(piece)
  assert.equal(collector.isDone, headerEnd(octets) !== -1)
  const collected = collector.bytes
  assert.ok(octets.subarray(0, collected.length).equals(collected))
  if (!collector.isDone) assert.equal(collected.length, octets.length)
  else assert.equal(headerEnd(collected), headerEnd(octets))
}

const checkAddresses = (text: string): void => {
  const list = readAddressList(text)
  assert.ok(list.length <= MAX_ADDRESSES)
  for (const { name, address } of list) {
    assert.notEqual(name + address, '')
    assert.doesNotMatch(name + address, CONTROLS, 'an address')
  }
  let entries = 0
  for (const { end } of addressEntries(text)) {
    entries += 1
    assert.ok([',', ';', ':', ''].includes(end))
  }
  assert.ok(entries <= text.length + 1)
}

const checkParameters = (text: string): void => {
  const { value, parameters } = readParameters(text)
  assert.equal(value, value.toLowerCase())
  for (const [name, decoded] of parameters) {
    assert.equal(name, name.toLowerCase())
    assert.doesNotMatch(decoded, /[\r\n\0]/, 'a parameter')
  }
  assert.ok(parameters.size <= text.length)
  assert.ok(readWrittenParameters(text).length <= text.length)
}

/** The header block and all that is read from its fields. */
export const target: Target = {
  name: 'header',
  make(random) {
    const block = () => Buffer.from(`${headerLines(random)}\r\nbody`, 'latin1')
    return mutate(block(), random, block)
  },
  check(input) {
    const octets = Buffer.from(input)
    const header = readHeader(octets)
    checkFields(header, octets)
    checkPieces(octets)
    summarise(header)
    readPartFields(header, 'text/plain')
    for (const { text } of header.fields) {
      checkAddresses(text)
      checkParameters(text)
      assert.doesNotMatch(decodeEncodedWords(text), CONTROLS, 'decoded words')
      const date = readDate(text)
      if (date !== null) assert.equal(new Date(date).toISOString(), date)
      assert.equal(readDay(text) === null, date === null)
    }
    const label = CHARSETS[(octets[0] ?? 0) % CHARSETS.length] ?? ''
    assert.doesNotMatch(decodeText(octets, label), /\p{Surrogate}/u, label)
    decodeText(octets.subarray(0, 40), octets.toString('latin1', 0, 40))
  },
}
