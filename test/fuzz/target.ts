import { readdirSync } from 'node:fs'
import type { Random } from '../helpers/random.ts'

/** Something that takes octets from strangers, and what must hold of it whatever they are. */
export type Target = {
  /** As in `npm run fuzz -- NAME`; the name of its file in `test/fuzz/targets/` and of its folder in `regressions/`. */
  readonly name: string
  /** Makes an input from a grammar, then mostly breaks it. All choices come from `random`. */
  make(random: Random): Uint8Array
  /** Throws where an invariant does not hold. */
  check(input: Uint8Array): void | Promise<void>
  /** Time and memory that may grow faster than the input, since `check` itself does: says why. Only then is growth not judged. */
  readonly growth?: string
}

/** A target's name and the module that exports it as `target`. */
export type TargetFile = { readonly name: string; readonly module: string }

/** The targets of a folder, by name: one file each. */
export const targetsIn = (folder: URL): TargetFile[] =>
  readdirSync(folder)
    .filter(file => file.endsWith('.ts'))
    .sort()
    .map(file => ({ name: file.slice(0, -'.ts'.length), module: new URL(file, folder).href }))

export const TARGETS = new URL('./targets/', import.meta.url)
