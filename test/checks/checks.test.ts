import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { all, runCheck, runChecks } from '../../server/checks/checks.ts'
import { groups } from '../../server/checks/groups.ts'
import { readMail } from '../../server/checks/mail.ts'
import type { CheckGroup } from '../../server/checks/report.ts'
import { summedUp } from '../../server/checks/sum.ts'
import { messageChecks } from '../../server/http/check-documents.ts'
import { htmlMail } from '../helpers/checked.ts'
import { corpusFolder } from '../helpers/corpus.ts'

const checksOf = async (raw: Buffer) => {
  const told: CheckGroup[] = []
  await runChecks(raw, group => told.push(group))
  return summedUp(told, 'missing')
}
const rulesIn = async (raw: Buffer): Promise<readonly string[]> =>
  (await checksOf(raw)).groups.flatMap(({ findings }) => findings.map(({ check }) => check))

test('there is a check for every group, in their order', () => {
  assert.deepEqual(
    all.map(({ group }) => group),
    groups.map(({ group }) => group),
  )
})

test('every mail of the corpus goes through every check, as it is described, and quickly', async () => {
  const names = readdirSync(corpusFolder, { recursive: true, encoding: 'utf8' })
  const mails = names.filter(name => name.endsWith('.eml')).sort()
  assert.ok(mails.length > 100)
  for (const name of mails) {
    const began = performance.now()
    const checks = await checksOf(readFileSync(`${corpusFolder}/${name}`))
    assert.ok(performance.now() - began < 4_000, name)
    const parsed = messageChecks.parse({ id: 1, ...checks })
    assert.ok(JSON.stringify(parsed).length < 1_000_000, name)
    for (const { group, state, reason } of checks.groups) {
      assert.notEqual(state, 'failed', `${name} ${group}: ${reason}`)
    }
  }
})

test('templates have the properties that they are known for', async () => {
  const rules = (name: string) => rulesIn(readFileSync(`${corpusFolder}/templates/${name}.eml`))
  const newsletter = await rules('mjml-sale-newsletter')
  assert.ok(newsletter.includes('compatibility.css-at-media-prefers-color-scheme'))
  assert.ok(!newsletter.some(rule => rule.startsWith('headers.')), newsletter.join())
  const otp = await rules('python-otp-text')
  assert.ok(!otp.some(rule => rule.startsWith('compatibility.')), otp.join())
  const amp = await rules('nodemailer-amp')
  assert.ok(amp.includes('compatibility.amp'), amp.join())
  const oneClick = await rules('nodemailer-newsletter-unsubscribe')
  assert.ok(oneClick.includes('unsubscribe.unsigned'), oneClick.join())
  assert.ok(!oneClick.includes('unsubscribe.no-one-click'))
  const latin1 = await rules('phpmailer-latin1-8bit')
  assert.ok(!latin1.includes('headers.8-bit'), latin1.join())
})

test('hostile HTML and CSS of megabytes are checked in part, in bounded time', async () => {
  const five = 5 * 1024 * 1024
  const until = (piece: string) => piece.repeat(Math.ceil(five / piece.length))
  const hostile = {
    elements: until('<b>x</b>'),
    links: until('<a href="http://a.example/">x</a>'),
    tables: until('<table><tr><td>'),
    images: until('<img src=cid:x>'),
    text: until('x '),
    style: `<style>${until('.a{color:red}')}</style>`,
    selectors: `<style>${until('a,')}{}</style>`,
    attributes: `<p ${until('a="b" ')}>`,
    brackets: `<style>${until('a{')}</style>`,
  }
  for (const [name, html] of Object.entries(hostile)) {
    const began = performance.now()
    const { state, groups: told } = await checksOf(htmlMail(html))
    assert.ok(performance.now() - began < 7_000, `${name} ${performance.now() - began}`)
    assert.equal(state, 'partial', name)
    assert.ok(
      told.every(group => group.state !== 'failed'),
      name,
    )
  }
})

test('no attribute or header field is so long that reading it takes long', async () => {
  // Time by its square would be minutes.
  const many = 300_000
  const [blank, dots, letters] = [' ', '. ', 'a'].map(piece => `${piece.repeat(many)}x!`)
  const attributes = ['aria-label', 'href', 'alt', 'src', 'type', 'role', 'style', 'class', 'title']
  const long = Object.fromEntries(
    attributes.flatMap(name =>
      [blank, dots, letters].map((value, at) => [
        `${name} ${at}`,
        htmlMail(
          `<a href="https://a.example/" ${name}="${value}">x</a><img ${name}="cid:${value}"><button ${name}="${value}"><table ${name}="${value}">`,
        ),
      ]),
    ),
  )
  const fields = [
    'DKIM-Signature',
    'Received-SPF',
    'List-Unsubscribe',
    'Message-ID',
    'From',
    'Date',
  ]
  const headers = Object.fromEntries(
    fields.flatMap(name =>
      [blank, dots, letters, ';'.repeat(many), '('.repeat(many)].map((value, at) => [
        `${name} ${at}`,
        htmlMail('x', { [name]: `a=${value}` }),
      ]),
    ),
  )
  for (const [name, mail] of Object.entries({ ...long, ...headers })) {
    const began = performance.now()
    await checksOf(mail)
    assert.ok(performance.now() - began < 3_000, `${name} ${performance.now() - began}`)
  }
})

test('a fault of ours in one check is told, and leaves the others alone', async () => {
  const mail = await readMail(htmlMail('<p>x'))
  const group = runCheck(
    {
      group: 'links',
      run(_mail, findings) {
        findings.add({ check: 'links.a', severity: 'info', title: 'A', why: '', fix: '' })
        throw new Error('broken')
      },
    },
    mail,
  )
  assert.deepEqual([group.state, group.reason], ['failed', 'Error: broken'])
  assert.equal(group.findings.length, 1)
})

test('what is called as every object has something called fails no check', async () => {
  const page =
    '<style>p{__proto__:1;constructor:2}</style><constructor>x</constructor><toString>y</toString><p style="font-size:constructor;color:#ccc">z'
  const checks = await checksOf(htmlMail(page))
  assert.equal(checks.state, 'done', JSON.stringify(checks.groups))
})
