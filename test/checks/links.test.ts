import assert from 'node:assert/strict'
import { test } from 'node:test'
import { links } from '../../server/checks/links.ts'
import { checked, findingOf, htmlMail, rulesOf } from '../helpers/checked.ts'

const rules = (html: string) => rulesOf(links, htmlMail(html))

test('links that do what they say have nothing wrong', async () => {
  const group = await checked(
    links,
    htmlMail(`<a href="https://example.com/">Shop</a>
<a href="https://www.example.com/x">example.com</a> <a href="https://example.com">www.example.com</a>
<a href="mailto:a@example.com">Write</a> <a href="tel:+1">Call</a> <a href="#top">Up</a>
<a name="top"></a> <a href="https://example.com/"><img alt="Shop" src="x"></a>
<a href="https://example.com/a.pdf">terms.pdf</a> <a href="https://example.com/">Dr. Who</a>`),
  )
  assert.deepEqual(group.findings, [])
  assert.match(group.looked.join(), /9 links/)
})

test('links that lead nowhere are told', async () => {
  assert.deepEqual(await rules('<a href="">x</a>'), ['links.empty'])
  assert.deepEqual(await rules('<a href=" # ">x</a>'), ['links.empty'])
  assert.deepEqual(await rules('<a href="{{ url }}">x</a>'), ['links.placeholder'])
  assert.deepEqual(await rules('<a href="https://x.example/?t=*|TOKEN|*">x</a>'), [
    'links.placeholder',
  ])
  assert.deepEqual(await rules('<a href="/account">x</a>'), ['links.relative'])
  assert.deepEqual(await rules('<a href="www.example.com">x</a>'), ['links.relative'])
  assert.deepEqual(await rules('<a href="javascript:alert(1)">x</a>'), ['links.script'])
  assert.deepEqual(await rules('<a href="java\nscript:alert(1)">x</a>'), ['links.script'])
  assert.deepEqual(await rules('<a href="https://exa mple/">x</a>'), ['links.broken'])
})

test('links that are not encrypted, or of this machine, are told', async () => {
  assert.deepEqual(await rules('<a href="http://example.com/">x</a>'), ['links.insecure'])
  for (const host of ['localhost:3000', '127.0.0.1', 'app.test', '192.168.0.7', '[::1]'])
    assert.deepEqual(await rules(`<a href="http://${host}/">x</a>`), ['links.local'], host)
})

test('a text that names another host is told with its line', async () => {
  const mail = htmlMail(
    '<p>\n<a title="t"\n href="https://evil.example/">https://bank.example/login</a>',
  )
  const { severity, where } = await findingOf(links, mail, 'links.other-host')
  assert.equal(severity, 'error')
  assert.equal(where[0]?.line, 3)
  assert.equal(where[0]?.column, 2)
  assert.equal(where[0]?.sourceLine, 11)
  assert.match(where[0]?.excerpt ?? '', /^href="https:\/\/evil\.example\/"/)
  assert.deepEqual(await rules('<a href="https://evil.example/">bank.example</a>'), [
    'links.other-host',
  ])
  assert.deepEqual(await rules('<a href="https://bank.example.evil.example/">BANK.example/x</a>'), [
    'links.other-host',
  ])
})

test('a link without anything to click on is told', async () => {
  assert.deepEqual(await rules('<a href="https://a.example/"> \u200b</a>'), ['links.no-text'])
  assert.deepEqual(await rules('<a href="https://a.example/"><img alt="" src="x"></a>'), [
    'links.no-text',
  ])
  assert.deepEqual(await rules('<a href="https://a.example/" aria-label="Go"></a>'), [])
})

test('seven thousand of a kind are one finding', async () => {
  const mail = htmlMail('<a href="http://a.example/">x</a>\n'.repeat(7_000))
  const { count, where } = await findingOf(links, mail, 'links.insecure')
  assert.equal(count, 7_000)
  assert.equal(where.length, 10)
  assert.equal(where[9]?.line, 10)
})
