import { switchKind } from './option-kinds.ts'
import { flagName, type OptionTable } from './options.ts'

/** A flag of one letter as a command of old has it: `-t`, `-f ann@example.com`, `-fann@example.com`, `-oi`. */
export type Letter = { readonly letter: string; readonly value: string }

/**
 * Takes flags of one letter out of the arguments, up to `--`; what is left is read as always.
 * @param valued the letters that have a value: what follows in the same argument, or else the next one
 * @param glued the letters whose value stands in the same argument, or nowhere
 */
export function takeLetters(
  args: readonly string[],
  { valued, glued }: { readonly valued: string; readonly glued: string },
  table: OptionTable,
): { readonly letters: readonly Letter[]; readonly rest: readonly string[] } {
  const letters: Letter[] = []
  const rest: string[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    if (arg === '--') {
      rest.push(...args.slice(at))
      break
    }
    if (arg.startsWith('--')) {
      rest.push(arg)
      // A flag's value may begin with a dash.
      const option = Object.entries(table).find(
        ([key, each]) => `--${flagName(key, each)}` === arg,
      )?.[1]
      if (option && option.kind !== switchKind && at + 1 < args.length) {
        rest.push(args[++at] as string)
      }
      continue
    }
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg)
      continue
    }
    for (let place = 1; place < arg.length; place++) {
      const letter = arg.charAt(place)
      const glue = arg.slice(place + 1)
      if (valued.includes(letter)) letters.push({ letter, value: glue || (args[++at] ?? '') })
      else if (glued.includes(letter)) letters.push({ letter, value: glue })
      else {
        letters.push({ letter, value: '' })
        continue
      }
      break
    }
  }
  return { letters, rest }
}
