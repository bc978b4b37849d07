import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scanHtml } from '../../server/mime/html-scan.ts'

function scan(html: string): string[] {
  const found: string[] = []
  scanHtml(html, {
    text: (start, end) => found.push(`text ${html.slice(start, end)}`),
    tag: (name, isEnd, start, end) =>
      found.push(`${isEnd ? '/' : ''}${name} ${html.slice(start, end)}`),
    raw: (name, start, end) => found.push(`raw ${name} ${html.slice(start, end)}`),
    doctype: (start, end) => found.push(`doctype ${html.slice(start, end)}`),
  })
  return found
}

test('tags and text', () => {
  assert.deepEqual(scan('<!DOCTYPE html>a<B x=1>b</B >c<br/>'), [
    'doctype <!DOCTYPE html>',
    'text a',
    'b <B x=1>',
    'text b',
    '/b </B >',
    'text c',
    'br <br/>',
  ])
  assert.deepEqual(scan('1 < 2 <> x'), ['text 1 < 2 <> x'])
})

test('a quoted value holds what it likes; a quote elsewhere is no quote', () => {
  assert.deepEqual(scan(`<a title="a > b" x='>'>t`), [`a <a title="a > b" x='>'>`, 'text t'])
  assert.deepEqual(scan(`<p it's>t`), [`p <p it's>`, 'text t'])
  assert.deepEqual(scan('<a b = ">" c>t'), ['a <a b = ">" c>', 'text t'])
})

test('comments', () => {
  assert.deepEqual(scan('a<!-- <b> -->c<!--->d<!-->e<!--x--!>f'), [
    'text a',
    'text c',
    'text d',
    'text e',
    'text f',
  ])
  assert.deepEqual(scan('a<!--[if mso]><p>x</p><![endif]-->b<![if !mso]>c<?x?>d'), [
    'text a',
    'text b',
    'text c',
    'text d',
  ])
})

test('style, script and their like hold no markup', () => {
  assert.deepEqual(scan('<style>a<b></style ><SCRIPT>"</p>"</Script>x'), [
    'style <style>',
    'raw style a<b>',
    '/style </style >',
    'script <SCRIPT>',
    'raw script "</p>"',
    '/script </Script>',
    'text x',
  ])
})

test('what is never closed reaches to the end', () => {
  assert.deepEqual(scan('a<!-- b'), ['text a'])
  assert.deepEqual(scan('a<b c="d>e'), ['text a', 'b <b c="d>e'])
  assert.deepEqual(scan('a<style>b</styl>'), ['text a', 'style <style>', 'raw style b</styl>'])
})

test('a megabyte of beginnings', () => {
  for (const piece of [
    '<',
    '<!--',
    '<a ',
    '<a b="',
    '</',
    '<!',
    '<style>',
    '<a =',
    '<title',
    '<a b=c ',
  ]) {
    scan(piece.repeat(1_000_000 / piece.length))
  }
})
