import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { baseSubject } from '../../../../server/imap/commands/search/base-subject.ts'
import { threadBySubject } from '../../../../server/imap/commands/search/ordered-subject.ts'
import { threadByReferences } from '../../../../server/imap/commands/search/references.ts'
import { threadResponse } from '../../../../server/imap/commands/search/thread.ts'
import { type Thread, threadables } from '../../../../server/imap/commands/search/threads.ts'
import type { Entry } from '../../../../server/store/message.ts'
import { Pace } from '../../../../server/store/pace.ts'
import { SearchedMailbox } from '../../../helpers/searched-mailbox.ts'

const pace = () => new Pace(new AbortController().signal)

/** What threading looks at; of ids what comes before the `@`. */
type Mail = {
  readonly id: string | null
  readonly references: readonly string[]
  readonly subject: string
  /** Seconds since 1970. */
  readonly sent: number
}

const prepared = (mails: readonly Mail[]) =>
  threadables(
    mails.map(
      ({ id, subject, sent }) =>
        ({
          message: {
            messageId: id === null ? '' : `<${id}@x>`,
            subject,
            date: new Date(sent * 1_000).toISOString(),
          },
        }) as Entry,
    ),
    pace(),
  )

async function* referencesOf(mails: readonly Mail[]) {
  for (const { references } of mails) yield references.map(id => `${id}@x`)
}

/** Sequence numbers, without `* THREAD `. */
const print = (threads: readonly Thread[]) =>
  [...threadResponse(threads, message => message + 1)].join('').slice(9).trim()

const byReferences = async (mails: readonly Mail[]) =>
  print(await threadByReferences(await prepared(mails), referencesOf(mails), pace()))
const bySubject = async (mails: readonly Mail[]) =>
  print(await threadBySubject(await prepared(mails), pace()))

const mail = (id: string, references: string, subject = '', sent = 0): Mail => ({
  id,
  references: references === '' ? [] : references.split(' '),
  subject,
  sent,
})

describe('the response', () => {
  const tree = (message: number | null, ...replies: Thread[]): Thread => ({
    message: message === null ? null : message - 1,
    replies,
  })

  test('is that of RFC 5256 §4', () => {
    assert.equal(
      print([tree(2), tree(3, tree(6, tree(4, tree(23)), tree(44, tree(7, tree(96)))))]),
      '(2)(3 6 (4 23)(44 7 96))',
    )
    assert.equal(print([tree(null, tree(3), tree(5))]), '((3)(5))')
    assert.equal([...threadResponse([], Number)].join(''), '* THREAD\r\n')
    assert.equal(
      print([
        tree(200, tree(202)),
        tree(null, tree(194), tree(195, tree(196))),
        tree(1, tree(2), tree(3)),
      ]),
      '(200 202)((194)(195 196))(1 (2)(3))',
    )
  })

  test('may be as deep as a mailbox is large', () => {
    let chain = tree(100_000)
    let comb = tree(100_000)
    for (let number = 99_999; number > 0; number--) chain = tree(number, chain)
    for (let number = 99_998; number > 0; number -= 2) comb = tree(number, tree(number + 1), comb)
    const numbers = Array.from({ length: 100_000 }, (_, at) => at + 1)
    assert.ok(print([chain]) === `(${numbers.join(' ')})`)
    const text = print([comb])
    assert.ok(text.startsWith('(2 (3)(4 (5)(6 (7)('))
    assert.equal(text.split('(').length, text.split(')').length)
  })
})

describe('ORDEREDSUBJECT', () => {
  test('threads by base subject, then by date, in the order of the first dates', async () => {
    const mails = [
      mail('1', '', 'Re: b', 50),
      mail('2', '', 'a', 40),
      mail('3', '', 'B (fwd)', 10),
      mail('4', '', '[x] A', 20),
      mail('5', '', 'c', 15),
      mail('6', '', 'b', 10),
      mail('7', '', '', 5),
      mail('8', '', 'Re:', 90),
    ]
    assert.equal(await bySubject(mails), '(7 8)(3 (6)(1))(5)(4 2)')
  })
})

describe('REFERENCES', () => {
  test('links replies to what they answer, whatever comes first', async () => {
    assert.equal(
      await byReferences([mail('c', 'a b', '', 3), mail('a', '', '', 1), mail('b', 'a', '', 2)]),
      '(2 3 1)',
    )
    // Siblings below a message that is not there; alone it is left out.
    assert.equal(await byReferences([mail('a', 'x'), mail('b', 'x')]), '((1)(2))')
    assert.equal(await byReferences([mail('a', 'x y z')]), '(1)')
    assert.equal(await byReferences([mail('a', 'x y'), mail('b', 'x z')]), '((1)(2))')
    // Dummies in between give their place to what is below them.
    assert.equal(
      await byReferences([mail('a', ''), mail('b', 'a x'), mail('c', 'a x')]),
      '(1 (2)(3))',
    )
  })

  test('believes a message about its own parent, and makes no loops', async () => {
    assert.equal(await byReferences([mail('c', 'a b'), mail('a', ''), mail('b', 'x')]), '(2)(3 1)')
    assert.equal(await byReferences([mail('a', 'b'), mail('b', 'a')]), '(2 1)')
    assert.equal(await byReferences([mail('a', 'a')]), '(1)')
    assert.equal(await byReferences([mail('a', 'c'), mail('b', 'a'), mail('c', 'b')]), '(3 1 2)')
  })

  test('gives an id to the first message that has it', async () => {
    const twins: Mail[] = [
      mail('a', ''),
      mail('a', ''),
      mail('b', 'a'),
      { ...mail('', ''), id: null },
    ]
    assert.equal(await byReferences(twins), '(1 3)(2)(4)')
  })

  test('puts threads of one subject together', async () => {
    assert.equal(await byReferences([mail('a', '', 'x', 1), mail('b', '', 'Re: x', 2)]), '(1 2)')
    assert.equal(await byReferences([mail('a', '', 'Re: x', 1), mail('b', '', 'X', 2)]), '(2 1)')
    assert.equal(await byReferences([mail('a', '', 'x', 1), mail('b', '', 'x', 2)]), '((1)(2))')
    assert.equal(await byReferences([mail('a', '', '', 1), mail('b', '', 'Re:', 2)]), '(1)(2)')
    assert.equal(
      await byReferences([
        mail('a', 'p', 'x', 3),
        mail('b', 'p', 'y', 4),
        mail('c', 'q', 'Re: x', 1),
        mail('d', 'q', 'z', 2),
        mail('e', '', 'x', 5),
      ]),
      '((3)(4)(1)(2)(5))',
    )
  })

  test('sorts siblings by date, then by place', async () => {
    const replies = [mail('d', 'a', '', 9), mail('c', 'a', '', 5), mail('b', 'a', '', 5)]
    assert.equal(await byReferences([...replies, mail('a', '', '', 7)]), '(4 (2)(3)(1))')
  })

  test('refuses what refers to too many', async () => {
    const mails = [mail('a', 'b c d e'), mail('b', 'f')]
    const thread = async (maxDummies: number) =>
      threadByReferences(await prepared(mails), referencesOf(mails), pace(), { maxDummies })
    assert.equal(print(await thread(4)), '(2 1)')
    await assert.rejects(thread(3), { condition: 'NO', code: 'LIMIT' })
  })

  test('takes 100 000 in one chain, without recursion and soon', async () => {
    const mails = Array.from({ length: 100_000 }, (_, at) =>
      mail(`${at}`, at === 0 ? '' : `${at - 1}`, '', at),
    )
    const start = performance.now()
    const numbers = mails.map((_, at) => at + 1)
    // Too long to be printed where they differ.
    assert.ok((await byReferences(mails)) === `(${numbers.join(' ')})`)
    const reversed = `(${numbers.toReversed().join(' ')})`
    assert.ok((await byReferences(mails.toReversed())) === reversed)
    assert.ok(performance.now() - start < 30_000)
  })
})

/** REFERENCES by the letter of RFC 5256 §3, with all the recursion and searching that it suggests. */
function naive(mails: readonly Mail[]): string {
  type Node = { mail: (Mail & { number: number }) | null; parent: Node | null; children: Node[] }
  const dummy = (): Node => ({ mail: null, parent: null, children: [] })
  const byId = new Map<string, Node>()
  const nodes = mails.map((mail, at) => {
    const node: Node = { ...dummy(), mail: { ...mail, number: at + 1 } }
    if (mail.id !== null && !byId.has(mail.id)) byId.set(mail.id, node)
    return node
  })
  const unlink = (node: Node) => {
    if (node.parent) node.parent.children = node.parent.children.filter(child => child !== node)
    node.parent = null
  }
  const isBelow = (node: Node, top: Node): boolean =>
    node === top || (node.parent !== null && isBelow(node.parent, top))
  const link = (parent: Node, child: Node) => {
    if (isBelow(parent, child)) return
    child.parent = parent
    parent.children.push(child)
  }
  for (const [at, { references }] of mails.entries()) {
    const chain = references.map(id => {
      const node = byId.get(id) ?? dummy()
      byId.set(id, node)
      return node
    })
    chain.slice(1).forEach((node, index) => {
      if (!node.parent) link(chain[index] as Node, node)
    })
    const own = nodes[at] as Node
    unlink(own)
    const last = chain.at(-1)
    if (last) link(last, own)
  }
  let top = [...new Set([...nodes, ...byId.values()])].filter(node => !node.parent)
  const prune = (node: Node): Node[] => {
    node.children = node.children.flatMap(prune)
    return node.mail ? [node] : node.children
  }
  top = top.flatMap(node => {
    node.children = node.children.flatMap(prune)
    if (node.mail || node.children.length > 1) return [node]
    return node.children
  })
  const shown = (node: Node) => (node.mail ?? node.children[0]?.mail) as Mail & { number: number }
  const sort = (siblings: Node[]) =>
    siblings.sort((a, b) => shown(a).sent - shown(b).sent || shown(a).number - shown(b).number)
  for (const node of top) if (!node.mail) sort(node.children)
  sort(top)
  const subject = (node: Node) => baseSubject(shown(node).subject).text.toUpperCase()
  const isReply = (node: Node) => node.mail !== null && baseSubject(node.mail.subject).isReply
  const table = new Map<string, Node>()
  for (const node of top) {
    const known = table.get(subject(node))
    if (subject(node) === '') continue
    if (!known || (known.mail && (!node.mail || (isReply(known) && !isReply(node))))) {
      table.set(subject(node), node)
    }
  }
  for (const node of [...top]) {
    const known = table.get(subject(node))
    if (subject(node) === '' || !known || known === node || !top.includes(node)) continue
    top = top.filter(other => other !== node)
    if (!known.mail) known.children.push(...(node.mail ? [node] : node.children))
    else if (isReply(node) && !isReply(known)) known.children.push(node)
    else {
      const both = { ...dummy(), children: [known, node] }
      top = [...top.filter(other => other !== known), both]
      table.set(subject(node), both)
    }
  }
  const sortAll = (siblings: Node[]): Node[] => {
    for (const node of siblings) sortAll(node.children)
    return sort(siblings)
  }
  const write = ({ mail, children }: Node): string => {
    const [only] = children
    const rest =
      children.length === 1 && only
        ? write(only)
        : children.map(each => `(${write(each)})`).join('')
    return [mail?.number, rest].filter(piece => piece !== undefined && piece !== '').join(' ')
  }
  return sortAll(top)
    .map(node => `(${write(node)})`)
    .join('')
}

test('REFERENCES agrees with the letter of the RFC', async () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
  const mail: fc.Arbitrary<Mail> = fc.record({
    id: fc.option(id, { freq: 8 }),
    references: fc.array(id, { maxLength: 4 }),
    subject: fc.constantFrom('', 'x', 'Re: x', 'X', 'y', 'Re: y', 'Fwd: y', '[l] z'),
    sent: fc.nat(5),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(mail, { maxLength: 9 }), async mails =>
      assert.equal(await byReferences(mails), naive(mails)),
    ),
    { numRuns: 5_000 },
  )
})

describe('THREAD', () => {
  let box: SearchedMailbox
  before(async () => {
    box = await SearchedMailbox.open()
    const fields = [
      'Message-ID: <"1"@x.org>\r\nSubject: Plans',
      'Message-ID: <2@x.org>\r\nSubject: other\r\nReferences: <0@x.org>\r\n\t<1@x.org> (Ann)',
      'Message-ID: <3@x.org>\r\nSubject: third\r\nIn-Reply-To: Your message of <now> <2@x.org> <1@x.org>',
      'Message-ID: <4@x.org>\r\nSubject: fourth\r\nReferences: nothing\r\nIn-Reply-To: <1@x.org>',
      'Subject: =?utf-8?q?Re=3A_Plans?=',
    ]
    for (const each of fields) await box.add(`${each}\r\n\r\ntext\r\n`)
  })
  after(() => box.close())

  test('reads References, else In-Reply-To', async () => {
    assert.equal(await box.run('THREAD REFERENCES UTF-8 ALL'), '* THREAD (1 (2 3)(4)(5))\r\n')
    assert.equal(await box.run('THREAD ORDEREDSUBJECT UTF-8 ALL'), '* THREAD (1 5)(2)(3)(4)\r\n')
  })

  test('threads what was searched for, by UIDs where asked', async () => {
    const uids = box.mailbox.entries.numbers()
    assert.equal(
      await box.run('UID THREAD REFERENCES US-ASCII NOT 1'),
      `* THREAD ((${uids[1]} ${uids[2]})(${uids[3]}))(${uids[4]})\r\n`,
    )
    assert.equal(await box.run('THREAD REFERENCES UTF-8 TEXT "gewp"'), '* THREAD\r\n')
    assert.equal(await box.run('THREAD REFERENCES UTF-8 MODSEQ 1 5'), '* THREAD (5)\r\n')
  })

  test('ends when its session does', async () => {
    const ended = new Error('gone')
    for (const algorithm of ['REFERENCES', 'ORDEREDSUBJECT']) {
      const controller = new AbortController()
      const threading = box.run(`THREAD ${algorithm} UTF-8 ALL`, controller.signal)
      controller.abort(ended)
      await assert.rejects(threading, ended)
    }
  })
})
