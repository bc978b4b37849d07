import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildWeb } from '../helpers/browser.ts'

describe('the built page', () => {
  let directory: string
  const read = (path: string): string => readFileSync(join(directory, path), 'utf8')
  const assets = (ending: string): readonly string[] =>
    readdirSync(join(directory, 'assets')).filter(name => name.endsWith(ending))
  const gzipped = (ending: string): number =>
    assets(ending).reduce((sum, name) => sum + gzipSync(read(`assets/${name}`)).length, 0)

  before(async () => {
    directory = await buildWeb()
  })
  after(() => rm(directory, { recursive: true }))

  it('is small enough', () => {
    assert.equal(assets('.js').length > 0 && assets('.css').length > 0, true)
    assert.equal(gzipped('.js') <= 45_000, true, `${gzipped('.js')} octets of script`)
    assert.equal(gzipped('.css') <= 8_000, true, `${gzipped('.css')} octets of style`)
  })

  it('names its files from the root, each by a hash, and brings no source map', () => {
    const page = read('index.html')
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '')
    assert.equal(links.length, 3)
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
