import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Link } from '../../server/http/resources.ts'
import { filters, isWeb, passes, splitHost, targetOf, targetsOf } from '../../web/links.ts'

const link = (href: string, text = '', kind: Link['kind'] = 'link', part = '1'): Link => ({
  href,
  text,
  kind,
  part,
})

describe('the links of a mail', () => {
  it('are one for each target, in the order of the mail', () => {
    const targets = targetsOf([
      link('https://A.example/x', 'One'),
      link('http://b.example', 'Two', 'action', '2'),
      link('https://a.example/x', 'One'),
      link('https://a.example/x', 'Uno', 'link', '2'),
      link('https://a.example/x', '', 'image'),
    ])
    assert.deepEqual(targets, [
      {
        href: 'https://a.example/x',
        kind: 'link',
        texts: ['One', 'Uno'],
        count: 3,
        parts: ['1', '2'],
        isInsecure: false,
      },
      {
        href: 'http://b.example/',
        kind: 'action',
        texts: ['Two'],
        count: 1,
        parts: ['2'],
        isInsecure: true,
      },
      {
        href: 'https://a.example/x',
        kind: 'image',
        texts: [],
        count: 1,
        parts: ['1'],
        isInsecure: false,
      },
    ])
    assert.deepEqual(
      filters.map(filter => targets.filter(target => passes(target, filter)).length),
      [3, 2, 1, 1, 1],
    )
  })

  it('are resolved as a browser does, and shown as they are where they are no URL', () => {
    assert.equal(targetOf('https://аpple.com/'), 'https://xn--pple-43d.com/')
    assert.equal(targetOf('HTTPS://x.example:443/a/../b'), 'https://x.example/b')
    assert.equal(targetOf('{{ url }}'), '{{ url }}')
    assert.equal(targetOf('/relative'), '/relative')
  })

  it('may be opened where they lead to the web, and nowhere else', () => {
    assert.equal(isWeb('https://x.example/'), true)
    assert.equal(isWeb('HTTP://x.example'), true)
    for (const href of [
      'javascript:alert(1)',
      'data:text/html,x',
      'mailto:a@x.example',
      'https://',
      ' https://x.example',
      '//x.example',
      'vbscript:x',
      'file:///etc/passwd',
    ]) {
      assert.equal(isWeb(href), false, href)
    }
  })

  it('show their host apart', () => {
    assert.deepEqual(splitHost('https://user:pw@x.example:8080/a?b'), [
      'https://user:pw@',
      'x.example:8080',
      '/a?b',
    ])
    assert.deepEqual(splitHost('javascript:alert(1)'), ['javascript:alert(1)', '', ''])
  })
})
