import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Made } from './orders.ts'

export const REGRESSIONS = new URL('./regressions/', import.meta.url)

/** An input that failed once. */
export type Regression = Made & { readonly target: string; readonly file: string }

// A slice that was repeated is part of the name: 0123456789abcdef.repeat-12-40.bin
const NAME = /^[0-9a-f]{16}(?:\.repeat-(\d+)-(\d+))?\.bin$/

/** Writes a failing input below its target's name. @returns its path below the folder. */
export function keep(folder: URL, target: string, { input, repeat }: Made): string {
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 16)
  const file = `${hash}${repeat ? `.repeat-${repeat[0]}-${repeat[1]}` : ''}.bin`
  mkdirSync(new URL(`${target}/`, folder), { recursive: true })
  writeFileSync(new URL(`${target}/${file}`, folder), input)
  return `${target}/${file}`
}

/** All that were kept of a target. */
export function regressionsOf(folder: URL, target: string): Regression[] {
  const place = new URL(`${target}/`, folder)
  if (!existsSync(place)) return []
  return readdirSync(place)
    .sort()
    .map(file => {
      const name = NAME.exec(file)
      if (!name) throw new Error(`not a regression case: ${target}/${file}`)
      const repeat = name[1] === undefined ? null : ([Number(name[1]), Number(name[2])] as const)
      return { target, file, input: readFileSync(new URL(file, place)), repeat }
    })
}
