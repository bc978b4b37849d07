import assert from 'node:assert/strict'
import { test } from 'node:test'
import { images } from '../../server/checks/images.ts'
import { composed, findingOf, htmlMail, rulesOf } from '../helpers/checked.ts'

const rules = (html: string) => rulesOf(images, htmlMail(html))
const whole = 'src="https://a.example/a.png" alt="A" width="1" height="1"'
const without = (attribute: string) => whole.replace(new RegExp(` ?${attribute}="[^"]*"`), '')

test('an image with everything has nothing wrong', async () => {
  assert.deepEqual(await rules(`<img ${whole}>`), [])
  assert.deepEqual(await rules(`<img ${whole.replace('"A"', '""')}>`), [], 'decoration')
  const style = 'style="width:10px;max-width:100%;HEIGHT:auto"'
  assert.deepEqual(await rules(`<img ${without('width').replace(/ height="1"/, '')} ${style}>`), [])
})

test('what an image lacks is told', async () => {
  assert.deepEqual(await rules(`<img ${without('alt')}>`), ['images.no-alt'])
  assert.deepEqual(await rules(`<img ${whole.replace('"A"', '"logo.PNG"')}>`), [
    'images.alt-file-name',
  ])
  assert.deepEqual(await rules(`<img ${without('height')}>`), ['images.no-height'])
  assert.deepEqual(await rules(`<img ${without('width')}>`), ['images.no-size'])
  assert.deepEqual(await rules(`<img ${without('src')}>`), ['images.no-source'])
  assert.deepEqual(await rules(`<img ${whole.replace('https', 'http')}>`), ['images.insecure'])
  assert.deepEqual(await rules(`<a href="https://a/"><img ${whole.replace('"A"', '""')}></a>`), [
    'images.link-alt',
  ])
})

const related = (html: string, octets: number): Buffer =>
  composed(
    `--b\nContent-Type: text/html\n\n${html}\n--b\nContent-Type: image/png; name=logo.png\nContent-ID: <logo@example.com>\nContent-Transfer-Encoding: base64\n\n${`${'A'.repeat(76)}\n`.repeat(octets / 57)}--b--`,
    { 'Content-Type': 'multipart/related; boundary=b' },
  )

test('images that come with the mail are found by cid:, and weighed', async () => {
  const shown = '<img src="cid:logo@example.com" alt="A" width="1" height="1">'
  assert.deepEqual(await rulesOf(images, related(shown, 5_700)), [])
  assert.deepEqual(await rulesOf(images, related(shown.replace('@', '%40'), 5_700)), [])
  const missing = related(shown.replace('logo', 'other'), 5_700)
  const { where } = await findingOf(images, missing, 'images.no-part')
  assert.equal(where[0]?.excerpt, 'src="cid:other@example.com"')
  const heavy = await findingOf(images, related(shown, 570_000), 'images.heavy')
  assert.match(heavy.where[0]?.excerpt ?? '', /^logo\.png: 5\d\d\.\d kB$/)
})
