import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseCode, chooseLink, type Wanted } from '../../../server/mime/extract/choose.ts'
import type { Code, Confidence } from '../../../server/mime/extract/code.ts'
import type { Link, LinkKind } from '../../../server/mime/extract/link.ts'
import { appMails } from './app-mails.ts'
import { read } from './mail.ts'

const code = (value: string, confidence: Confidence): Code => ({
  value,
  confidence,
  part: '1',
  context: '',
})

const link = (href: string, text: string, kind: LinkKind = 'link', part = '1'): Link => ({
  href,
  text,
  kind,
  part,
})

describe('the code', () => {
  const cases: [name: string, codes: readonly Code[], chosen: string | readonly string[]][] = [
    ['none', [], []],
    ['one, however unsure', [code('1', 'low')], '1'],
    ['one that is surer', [code('1', 'high'), code('2', 'medium'), code('3', 'medium')], '1'],
    ['two alike', [code('1', 'medium'), code('2', 'medium'), code('3', 'low')], ['1', '2']],
  ]
  for (const [name, codes, chosen] of cases) {
    test(name, () => {
      const { only, candidates } = chooseCode(codes)
      assert.deepEqual(only?.value ?? candidates?.map(({ value }) => value), chosen)
    })
  }
})

describe('the link', () => {
  const verify = link('https://a.example/verify?t=1', 'Verify e-mail', 'action')
  const help = link('https://a.example/help/verify', 'How to verify')
  const home = link('https://a.example/', 'Acme')
  const unsubscribe = link('https://a.example/u', 'Unsubscribe', 'unsubscribe')
  const write = link('mailto:a@a.example', 'Write to us', 'mailto')
  const picture = link('https://a.example/logo.png', 'Acme', 'image')
  const nowhere = link('#', 'Top', 'other')
  const all = [picture, home, verify, help, unsubscribe, write, nowhere]
  const has = (word: string): Wanted => ({ matches: text => text.includes(word) })

  const cases: [
    name: string,
    links: readonly Link[],
    wanted: Wanted | undefined,
    chosen: Link | readonly Link[],
  ][] = [
    ['none', [], undefined, []],
    ['the action', all, undefined, verify],
    ['the only one', [picture, help, unsubscribe, write, nowhere], undefined, help],
    ['no action and two others', [home, help], undefined, [home, help]],
    ['none but those that nobody means', [unsubscribe, write, picture], undefined, []],
    [
      'the same in text and HTML, tracked in one',
      [verify, link('https://a.example/verify?t=1&utm_source=x', 'Verify', 'action', '2')],
      undefined,
      verify,
    ],
    [
      'two actions',
      [verify, link('https://a.example/reset', 'Reset', 'action')],
      undefined,
      [verify, link('https://a.example/reset', 'Reset', 'action')],
    ],
    ['by text', all, has('How to'), help],
    ['by text, of any kind', all, has('Unsubscribe'), unsubscribe],
    ['by text, the action before the rest', all, has('erify'), verify],
    ['by text, no picture', all, has('Acme'), home],
    ['by text, what leads nowhere is none', all, has('Top'), []],
    ['by address where no text will do', all, has('/help/'), help],
    ['by a text that several have', [home, help], has(''), [home, help]],
    ['by kind', all, { kind: 'mailto' }, write],
    ['by kind, pictures as well', all, { kind: 'image' }, picture],
    ['by kind, none of it', [home], { kind: 'action' }, []],
    ['by kind and text', all, { ...has('verify'), kind: 'link' }, help],
  ]
  for (const [name, links, wanted, chosen] of cases) {
    test(name, () => {
      const { only, candidates } = chooseLink(links, wanted)
      assert.deepEqual(only ?? candidates, chosen)
    })
  }
})

describe('what one takes of a mail', () => {
  for (const { name, code, link, ...mail } of appMails) {
    test(name, async () => {
      const { codes, links } = await read(mail)
      assert.equal(chooseCode(codes).only?.value, code)
      assert.equal(chooseLink(links).only?.href, link)
    })
  }
})

test('of a mail, in text and HTML alike', async () => {
  const { codes, links } = await read({
    text: 'Your code is 482 913.\nConfirm your e-mail: https://a.example/confirm?t=4f7a9c1b2d\n',
    html: '<p>Your code is <b>482913</b></p><a href="https://a.example/confirm?t=4f7a9c1b2d&amp;utm_medium=email">Confirm your e-mail</a>',
  })
  assert.equal(chooseCode(codes).only?.value, '482913')
  assert.equal(chooseLink(links).only?.href, 'https://a.example/confirm?t=4f7a9c1b2d')
})
