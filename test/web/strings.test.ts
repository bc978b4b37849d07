import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parseSync } from 'vite'

const folder = new URL('../../web/', import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.tsx'),
)

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value

const children = (node: Node): readonly Node[] => Object.values(node).flat().filter(isNode)

/** Attributes of elements, and properties of our components, that a person reads or hears. */
const spoken =
  /^(?:aria-(?:label|description|roledescription|valuetext|placeholder)|alt|title|placeholder|label|legend|text|failed|none|why|hint)$/

/** Two letters or more: `…`, `·` and `+` are no words, in any language. */
const isWord = (text: string): boolean => /\p{L}{2}/u.test(text)

/** The texts that an expression can stand for, but for what it hands to functions and compares with. */
const texts = (node: Node): readonly string[] => {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : []
    case 'TemplateElement':
      return [(node.value as { raw: string }).raw]
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].filter(isNode).flatMap(texts)
    case 'LogicalExpression':
      return [node.operator === '&&' ? null : node.left, node.right].filter(isNode).flatMap(texts)
    case 'BinaryExpression':
      return node.operator === '+' ? [node.left, node.right].filter(isNode).flatMap(texts) : []
    case 'TemplateLiteral':
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return children(node).flatMap(texts)
    default:
      return []
  }
}

/** What a file says in words of its own: the texts between its tags, and those of spoken attributes. */
const wordsIn = (name: string, source: string): readonly string[] => {
  const said: string[] = []
  const hear = (node: Node, words: readonly string[]): void => {
    const line = source.slice(0, node.start).split('\n').length
    for (const word of words.filter(isWord)) said.push(`${name}:${line} ${word.trim()}`)
  }
  const visit = (node: Node): void => {
    if (node.type === 'JSXElement') {
      const opening = node.openingElement as Node
      // What stands on a key, and code, is the same in every language.
      if (/^(?:kbd|code)$/.test(String((opening.name as Node).name))) return
    }
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of (node.children as readonly Node[]) ?? []) {
        if (child.type === 'JSXText') hear(child, [String(child.value)])
        else hear(child, texts(child))
      }
    }
    if (node.type === 'JSXAttribute') {
      const { name: attribute, value } = node
      if (isNode(value) && spoken.test(String((attribute as Node).name))) hear(node, texts(value))
    }
    for (const child of children(node)) visit(child)
  }
  const { program, errors } = parseSync(name, source)
  assert.deepEqual(errors, [], name)
  visit(program as unknown as Node)
  return said
}

describe('the words of the inbox', () => {
  it('are heard wherever a component can say them', () => {
    const source = `const a = <p title="A title" class="no word">A text {b ? 'one' : \`two \${c}\`}
      <i aria-label={d && 'label'}>{e === 'equal' ? f : g('given')}</i><kbd>Enter</kbd> · x</p>`
    assert.deepEqual(wordsIn('a.tsx', source), [
      'a.tsx:1 A text',
      'a.tsx:1 one',
      'a.tsx:1 two',
      'a.tsx:1 A title',
      'a.tsx:2 label',
    ])
  })

  it('are those of the string table: components have none of their own', () => {
    assert.ok(files.length > 50, `${files.length} components`)
    const said = files.flatMap(name => wordsIn(name, readFileSync(new URL(name, folder), 'utf8')))
    assert.deepEqual(said, [])
  })
})
