import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Forest } from '../../../../server/imap/commands/search/forest.ts'

test('agrees with following parents', () => {
  const size = 12
  const node = fc.nat(size - 1)
  const steps = fc.array(fc.tuple(fc.boolean(), node, node), { maxLength: 200 })
  fc.assert(
    fc.property(steps, all => {
      const forest = new Forest(size)
      const parents: number[] = Array(size).fill(-1)
      for (const [isCut, child, parent] of all) {
        if (isCut) {
          forest.cut(child)
          parents[child] = -1
        } else if (parents[child] === -1) {
          let root = parent
          while (parents[root] !== -1) root = parents[root] as number
          const isLinked = root !== child
          if (isLinked) parents[child] = parent
          assert.equal(forest.link(child, parent), isLinked)
        }
        parents.forEach((each, at) => {
          assert.equal(forest.parent(at), each)
        })
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a chain as deep as it may be costs no more than a short one', () => {
  const size = 200_000
  const start = performance.now()
  const forest = new Forest(size)
  // From the deepest to the root, and each tries to close the circle.
  for (let node = size - 1; node > 0; node--) {
    assert.equal(forest.link(node, node - 1), true)
    if (node < size - 1) assert.equal(forest.link(node - 1, size - 1), false)
  }
  forest.cut(size / 2)
  assert.equal(forest.link(size / 2, 0), true)
  assert.equal(forest.link(0, size - 1), false)
  assert.ok(performance.now() - start < 5_000)
})
