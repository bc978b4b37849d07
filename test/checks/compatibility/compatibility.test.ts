import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { compatibility, ruleOf } from '../../../server/checks/compatibility/compatibility.ts'
import { table } from '../../../server/checks/compatibility/table.ts'
import { checked, findingOf, htmlMail } from '../../helpers/checked.ts'

test('a feature that some clients lack is found, with the clients, their notes and the line', async () => {
  const mail = htmlMail('<p>\n<p style="color: red;\n position: fixed">x</p>')
  const finding = await findingOf(compatibility, mail, 'compatibility.css-position')
  const outlook = finding.clients?.find(({ client }) => client === 'outlook.windows')
  assert.equal(outlook?.support, 'no')
  for (const { client, notes } of finding.clients ?? []) {
    assert.ok(table.clients.includes(client))
    for (const note of notes) assert.ok(finding.notes?.[note], `${client} ${note}`)
  }
  assert.equal(finding.url, 'https://www.caniemail.com/features/css-position/')
  assert.deepEqual(finding.where, [
    { part: '1', line: 3, column: 2, sourceLine: 11, excerpt: 'position: fixed' },
  ])
})

test('in a style sheet the line is that of the declaration', async () => {
  const mail = htmlMail('<style>\n.a {\n  display: grid }\n</style>')
  const { where } = await findingOf(compatibility, mail, 'compatibility.css-display-grid')
  assert.equal(where[0]?.line, 3)
  assert.equal(where[0]?.excerpt, 'display: grid')
})

test('how severe it is tells whether most clients lack it', () => {
  const clients = ['a.x', 'b.x', 'c.x', 'd.x']
  const rule = (support: string) =>
    ruleOf('f', { ...table, clients, features: { f: { title: 'F', support } } })
  assert.equal(rule('yyyu'), null)
  assert.equal(rule('yy--'), null)
  assert.equal(rule('ynyy')?.severity, 'info')
  assert.equal(rule('nny-')?.severity, 'warning')
  assert.equal(rule('nnyy')?.severity, 'info', 'half of them is not most')
  assert.equal(rule('ayyy')?.title, 'F: only partly in 1 client')
  assert.equal(rule('nany')?.title, 'F: not in 2 of 4 clients')
})

test('families and clients have names, and every client a family', async () => {
  const { data } = await checked(compatibility, htmlMail('x'))
  const named = data?.families.flatMap(({ clients }) => clients) ?? []
  assert.equal(named.length, table.clients.length)
  assert.ok(data?.families.every(({ name, clients }) => name !== '' && clients.length > 0))
  assert.ok(named.every(({ id, name }) => name !== '' && name !== id))
})

test('a mail without HTML uses nothing', async () => {
  const { findings, looked } = await checked(compatibility, Buffer.from('Subject: x\n\n<p>x'))
  assert.deepEqual(findings, [])
  assert.match(looked[0] ?? '', /^0 of 307/)
})

test('the table is small, whole, and has its licence', () => {
  const folder = new URL('../../../server/checks/compatibility/', import.meta.url)
  const json = readFileSync(new URL('caniemail.json', folder))
  assert.ok(gzipSync(json).length < 100_000)
  for (const [slug, { support, notes = {}, noted = {} }] of Object.entries(table.features)) {
    assert.match(support, /^[ynau-]+$/, slug)
    assert.equal(support.length, table.clients.length, slug)
    for (const number of Object.values(noted).flat()) assert.ok(notes[number], `${slug} ${number}`)
  }
  assert.match(table.date, /^\d{4}-\d\d-\d\d$/)
  const licence = readFileSync(new URL('caniemail.licence.txt', folder), 'utf8')
  assert.match(licence, /MIT License\s+Copyright \(c\) 2019 HTeuMeuLeu/)
})
