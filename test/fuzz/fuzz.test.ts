import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chosenSeed } from '../helpers/random.ts'
import { campaign } from './campaign.ts'
import { Executor } from './executor.ts'
import { GROWTH_EVERY } from './growth.ts'
import { REGRESSIONS, regressionsOf } from './regressions.ts'
import { TARGETS, targetsIn } from './target.ts'

// `npm run fuzz` is the long form.

const CASES = 2000
/** Of what takes long, and reads nothing of strangers. */
const CASES_OF: ReadonlyMap<string, number> = new Map([['change-log', 200]])
/** The execution that has a slice repeated. */
const GROWING = { from: GROWTH_EVERY - 1, executions: 1, regressions: REGRESSIONS }
const executor = new Executor()
after(() => executor.close())

const targets = targetsIn(TARGETS)
const seed = chosenSeed()

for (const target of targets) {
  const cases = CASES_OF.get(target.name) ?? CASES
  test(`${target.name}: ${cases} broken inputs (MAILCATCH_SEED=${seed})`, async () => {
    const { executions, found } = await campaign(executor, target, {
      seed,
      executions: cases,
      regressions: REGRESSIONS,
    })
    assert.deepEqual(found, [])
    assert.equal(executions, cases)
  })

  test(`${target.name}: how time and memory grow (MAILCATCH_SEED=${seed})`, async () => {
    const { found } = await campaign(executor, target, { ...GROWING, seed })
    assert.deepEqual(found, [])
  })

  for (const regression of regressionsOf(REGRESSIONS, target.name)) {
    test(`${target.name}: ${regression.file}, which failed once`, async () => {
      assert.equal(await executor.check(target.module, regression), null)
    })
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'mailcatch-fuzz-kept-'))
after(() => rmSync(temporary, { recursive: true }))
const kept = pathToFileURL(`${temporary}/`)
const planted = (name: string) => {
  const target = targetsIn(new URL('./planted/', import.meta.url)).find(each => each.name === name)
  assert.ok(target)
  return target
}

test('control: an input that makes a target throw is found, numbered, made small and kept', async () => {
  const target = planted('throws')
  const plan = { seed: 5, executions: 2000, regressions: kept }
  const report = await campaign(executor, target, plan)
  const [found] = report.found
  assert.equal(report.executions, 2000)
  assert.equal(report.found.length, 1)
  assert.match(found?.message ?? '', /a planted fault/)
  assert.match(found?.where ?? '', /^RangeError test\/fuzz\/planted\/throws\.ts:/)
  assert.ok((found?.times ?? 0) > 1)
  const [regression] = regressionsOf(kept, 'throws')
  assert.deepEqual(regression?.input, Buffer.from([0x7b]))
  // By its number alone.
  const again = await campaign(executor, target, {
    ...plan,
    from: found?.number ?? 0,
    executions: 1,
  })
  assert.equal(again.found[0]?.number, found?.number)
  assert.ok(regression && (await executor.check(target.module, regression)))
})

test('control: an input that makes a target hang is found, and the target goes on', async () => {
  const impatient = new Executor(700)
  try {
    const plan = { seed: 5, executions: 20, regressions: kept, shrinking: 0 }
    const report = await campaign(impatient, planted('hangs'), plan)
    assert.equal(report.executions, 20)
    assert.deepEqual(
      report.found.map(({ where }) => where),
      ['hung'],
    )
    assert.equal(regressionsOf(kept, 'hangs')[0]?.input[0], 7)
  } finally {
    await impatient.close()
  }
})

test('control: an input that makes the process die is found, and the target goes on', async () => {
  const plan = { seed: 5, executions: 20, regressions: kept, shrinking: 0 }
  const report = await campaign(executor, planted('dies'), plan)
  assert.equal(report.executions, 20)
  assert.equal(report.found[0]?.where, 'died SIGKILL')
  assert.equal(regressionsOf(kept, 'dies')[0]?.input[0], 7)
})

test('control: time that grows with the square of the input is found, and time that does not is not', async () => {
  const plan = { ...GROWING, seed: 5, regressions: kept }
  const slow = await campaign(executor, planted('slows'), plan)
  assert.match(slow.found[0]?.message ?? '', /time grows faster than the input/)
  const [regression] = regressionsOf(kept, 'slows')
  assert.ok(regression?.repeat)
  assert.ok(await executor.check(planted('slows').module, regression))
  const fine = await campaign(executor, planted('holds'), plan)
  assert.deepEqual(fine.found, [])
})

test('control: memory that grows with the square of the input is found', async () => {
  const plan = { ...GROWING, seed: 5, regressions: kept }
  const { found } = await campaign(executor, planted('hoards'), plan)
  assert.match(found[0]?.message ?? '', /memory grows faster than the input/)
  const [regression] = regressionsOf(kept, 'hoards')
  assert.ok(regression?.repeat)
  assert.ok(await executor.check(planted('hoards').module, regression))
})
