import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compatibility } from '../../../server/checks/compatibility/compatibility.ts'
import { features } from '../../../server/checks/compatibility/features.ts'
import { table } from '../../../server/checks/compatibility/table.ts'
import { findUsed } from '../../../server/checks/compatibility/used.ts'
import { readMail } from '../../../server/checks/mail.ts'
import { checked, composed, htmlMail } from '../../helpers/checked.ts'

/** Every feature, with HTML that uses it; for those of style sheets and of declarations `css:` and `style:`. */
const uses: Readonly<Record<string, string>> = {
  'css-comments': 'css:/* x */',
  'css-important': 'style:color:red !important',
  'css-variables': 'style:--a:1',
  'css-inert-attribute': '<p inert>',
  'css-nesting': 'css:p{q{color:red}}',
  'css-selector-adjacent-sibling': 'css:p+q{}',
  'css-selector-attribute': 'css:[x]{}',
  'css-selector-chaining': 'css:.a.b{}',
  'css-selector-child': 'css:p>q{}',
  'css-selector-class': 'css:.a{}',
  'css-selector-descendant': 'css:p q{}',
  'css-selector-general-sibling': 'css:p~q{}',
  'css-selector-grouping': 'css:p,q{}',
  'css-selector-id': 'css:#a{}',
  'css-selector-type': 'css:p{}',
  'css-selector-universal': 'css:*{}',
  'css-display-flex': 'style:display:inline-flex',
  'css-display-grid': 'style:display:grid',
  'css-display-none': 'style:display:none',
  'css-flex-direction': 'style:flex-direction:column-reverse',
  'css-flex-wrap': 'style:flex-wrap:wrap',
  'html-anchor-links': '<a href="#top">x</a>',
  'html-mailto-links': '<a href="mailto:a@b">x</a>',
  'html-button-reset': '<button type=reset>',
  'html-button-submit': '<button>',
  'html-comments': '<!-- x -->',
  'html-doctype': '<!DOCTYPE html>',
  'html-meta-color-scheme': '<meta name="color-scheme" content="light dark">',
  'image-base64': '<img src="data:image/x;base64,AA">',
}

/** How a feature is used, from its own table where that says it. */
function htmlOf(slug: string): string {
  const own = uses[slug]
  const feature = features[slug] ?? { unmapped: 'none' }
  const use =
    own ??
    ('property' in feature
      ? `style:${feature.property[0]}:1px`
      : 'function' in feature
        ? `style:width:${feature.function[0]}(1px)`
        : 'unit' in feature
          ? `style:width:1${feature.unit}`
          : 'keyword' in feature
            ? `style:width:${feature.keyword[0]}`
            : 'atRule' in feature
              ? `css:@${feature.atRule[0]} x{}`
              : 'media' in feature
                ? `css:@media (${feature.media[0]}:1){}`
                : 'pseudo' in feature
                  ? `css:p:${feature.pseudo}{}`
                  : 'element' in feature
                    ? `<${feature.element[0]}>x`
                    : 'attribute' in feature
                      ? `<${feature.on?.[0] ?? 'p'} ${feature.attribute[0]}="${slug.split('-').at(-1)}">`
                      : 'image' in feature
                        ? `<img src="https://a.example/b.${feature.image}">`
                        : '')
  if (use.startsWith('style:')) return `<p style="${use.slice('style:'.length)}">x</p>`
  return use.startsWith('css:') ? `<style>${use.slice('css:'.length)}</style>` : use
}

const usedIn = async (mail: Buffer): Promise<ReadonlySet<string>> => {
  const used = new Set<string>()
  findUsed(await readMail(mail), slug => used.add(slug))
  return used
}

test('every feature of the table is mapped, or said to be unmapped, and no other is', () => {
  assert.deepEqual(Object.keys(features).sort(), Object.keys(table.features).sort())
  assert.equal(Object.keys(features).length, 307)
})

test('every mapped feature is seen where it is used, and not where it is not', async () => {
  const none = await usedIn(htmlMail('x'))
  assert.deepEqual([...none], [])
  for (const [slug, feature] of Object.entries(features)) {
    if ('unmapped' in feature || slug === 'amp') continue
    const html = htmlOf(slug)
    assert.notEqual(html, '', slug)
    const used = await usedIn(htmlMail(html))
    assert.ok(used.has(slug), `${slug}: ${html} uses ${[...used].join()}`)
  }
})

test('AMP is a part of the mail', async () => {
  const mail = composed(
    '--b\nContent-Type: text/html\n\nx\n--b\nContent-Type: text/x-amp-html\n\n<html amp4email>\n--b--',
    { 'Content-Type': 'multipart/alternative; boundary=b' },
  )
  assert.deepEqual([...(await usedIn(mail))], ['amp'])
})

test('what cannot be seen is told with its reason', async () => {
  const { data } = await checked(compatibility, htmlMail('x'))
  assert.deepEqual(
    data?.unmapped.map(({ feature }) => feature),
    ['bimi'],
  )
  assert.ok(data?.unmapped.every(({ reason }) => reason.length > 20))
})
