import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildPage } from '../helpers/built-page.ts'

describe('the built page', () => {
  let directory: string
  const read = (path: string): string => readFileSync(join(directory, path), 'utf8')
  const assets = (ending: string): readonly string[] =>
    readdirSync(join(directory, 'assets')).filter(name => name.endsWith(ending))
  const gzipped = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + gzipSync(read(`assets/${name}`)).length, 0)
  /** The page's own files, and what they import: all that is loaded before anything is asked for. */
  const initial = (ending: string): readonly string[] => {
    const names = new Set<string>()
    const add = (name: string): void => {
      if (names.has(name)) return
      names.add(name)
      if (!name.endsWith('.js')) return
      for (const [, other = ''] of read(`assets/${name}`).matchAll(
        /(?:\bfrom|\bimport) ?["']\.\/([\w.-]+\.js)["']/g,
      )) {
        add(other)
      }
    }
    for (const [, name = ''] of read('index.html').matchAll(/="\/assets\/([^"]+)"/g)) add(name)
    return [...names].filter(name => name.endsWith(ending))
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mailcatch-web-'))
    await buildPage(directory)
  })
  after(() => rm(directory, { recursive: true }))

  it('is small enough', () => {
    assert.equal(assets('.js').length > 0 && assets('.css').length > 0, true)
    const script = gzipped(initial('.js'))
    assert.equal(script > 10_000 && script <= 45_000, true, `${script} octets of script`)
    const style = gzipped(initial('.css'))
    assert.equal(style > 3_000 && style <= 8_000, true, `${style} octets of style`)
  })

  it('loads the rest when it is asked for, in small pieces', () => {
    const first = initial('.js')
    const later = assets('.js').filter(name => !first.includes(name))
    for (const view of ['source-view', 'highlight-worker', 'parts-view', 'headers-view']) {
      assert.equal(later.filter(name => name.startsWith(`${view}-`)).length, 1, view)
    }
    for (const name of later) {
      assert.equal(gzipped([name]) <= 15_000, true, `${name}: ${gzipped([name])} octets`)
    }
  })

  it('names its files from the root, each by a hash, and brings no source map', () => {
    const page = read('index.html')
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '')
    assert.equal(links.length >= 3, true)
    for (const link of links) assert.match(link, /^\/assets\/[\w.-]+-[\w-]{8}\.(?:js|css|svg)$/)
    assert.deepEqual(assets('.map'), [])
    // Where it is served is found out from where its modules lie.
    for (const name of assets('.js'))
      assert.equal(read(`assets/${name}`).includes('"/assets'), false)
  })

  it('needs nothing that its policy forbids', () => {
    const page = read('index.html')
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|<base|javascript:/i)
    const ours = [
      'app.tsx',
      'main.tsx',
      ...readdirSync(new URL('../../web/components', import.meta.url), {
        recursive: true,
        encoding: 'utf8',
      })
        .filter(name => name.includes('.'))
        .map(name => `components/${name}`),
    ]
    for (const name of ours) {
      const source = readFileSync(new URL(`../../web/${name}`, import.meta.url), 'utf8')
      assert.doesNotMatch(
        source,
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/,
        name,
      )
    }
  })
})
