import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CSS_LIMITS, type CssVisitor, readCss } from '../../server/checks/css.ts'

/** Everything that is told, each with what stands where it is told of. */
const told = (css: string, options = {}): readonly string[] => {
  const lines: string[] = []
  const at = (start: number) => css.slice(start, start + 6)
  const visitor: Required<CssVisitor> = {
    declaration: each =>
      lines.push(
        `${each.property}: ${each.value}${each.isImportant ? ' !' : ''} [${[...each.functions, ...each.units, ...each.keywords, ...each.urls].join()}]`,
      ),
    atRule: (name, features, start) => lines.push(`@${name} ${features.join()} ${at(start)}`),
    selector: (kind, start) => lines.push(`${kind} ${at(start)}`),
    pseudo: (name, start) => lines.push(`pseudo ${name} ${at(start)}`),
    rule: (subjects, properties) =>
      lines.push(
        `rule ${subjects.map(({ type, id, classes }) => `${type}#${id}.${classes.join('.')}`).join()} {${properties.join()}}`,
      ),
    comment: start => lines.push(`comment ${at(start)}`),
  }
  assert.equal(readCss(css, visitor, options), true)
  return lines
}

test('declarations are told with what is in their values', () => {
  assert.deepEqual(
    told(
      'COLOR: Red !important; width:calc(100% - 2EM);background:url("cid:x") no-repeat;--A: {1}',
      {
        isInline: true,
      },
    ),
    [
      'color: Red ! [red]',
      'width: calc(100% - 2EM) [calc,%,em]',
      'background: url("cid:x") no-repeat [no-repeat,cid:x]',
      '--A: {1} []',
    ],
  )
  assert.deepEqual(told('color:red;bad;;font:1px x', { isInline: true }), [
    'color: red [red]',
    'font: 1px x [px,x]',
  ])
})

test('selectors are told by how they choose', () => {
  const lines = told('.a.b > p + q ~ r *, #i[x]:hover::before {}')
  assert.deepEqual(
    lines.map(line =>
      line
        .split(' ')
        .slice(0, line.startsWith('pseudo') ? 2 : 1)
        .join(' '),
    ),
    [
      'rule',
      'grouping',
      'class',
      'class',
      'chaining',
      'child',
      'type',
      'adjacent-sibling',
      'type',
      'general-sibling',
      'type',
      'descendant',
      'universal',
      'id',
      'attribute',
      'pseudo hover',
      'pseudo before',
    ],
  )
  assert.equal(lines[0], 'rule null#null.,null#i. {}')
  assert.equal(lines[4], 'chaining .b > p', 'the second class')
})

test('rules within at-rules and rules, comments and media features are told', () => {
  assert.deepEqual(
    told('/* a */@media (prefers-color-scheme:dark) and (min-width:1px){td.c{color:red}}'),
    [
      'comment /* a *',
      '@media prefers-color-scheme,min-width @media',
      'rule td#null.c {color}',
      'type td.c{c',
      'class .c{col',
      'color: red [red]',
    ],
  )
  const nested = told('p { q { color: red } & r { color: blue } }')
  assert.equal(nested.filter(line => line.startsWith('nesting')).length, 2)
})

test('what passes the limits is not read, and takes no time', () => {
  const many = 50_000
  const passing = {
    deep: `${'a{'.repeat(CSS_LIMITS.depth + 1)}`,
    long: 'a{b:c}'.repeat(CSS_LIMITS.characters / 6 + 1),
    faults: `a{${'b:c!;'.repeat(many)}}`,
    rules: 'a:b:c{d} '.repeat(many),
  }
  for (const [name, css] of Object.entries(passing)) {
    const began = performance.now()
    assert.equal(readCss(css, {}), false, name)
    assert.ok(performance.now() - began < 2_000, name)
  }
  const strange = ['}'.repeat(many), '"'.repeat(many), '/*'.repeat(many), '@'.repeat(many), '\\']
  for (const css of strange) assert.equal(readCss(css, {}), true)
})
