/** IMAP flag sets: sorted arrays, each set of flags one object however many entries share it. */

const shared = new Map<string, readonly string[]>()
const none: readonly string[] = Object.freeze([])

/** The one array that stands for this set. Sorting makes two equal sets the same object. */
export const flagSet = (flags: Iterable<string>): readonly string[] => {
  const sorted = [...new Set(flags)].sort()
  if (sorted.length === 0) return none
  const key = sorted.join(' ')
  let set = shared.get(key)
  if (!set) {
    set = Object.freeze(sorted)
    // Keywords come from clients: do not let them fill the memory with sets never used again.
    if (shared.size > 10_000) shared.clear()
    shared.set(key, set)
  }
  return set
}

/** `flags` with some more and some fewer; the same object where nothing changes. */
export const changeFlags = (
  flags: readonly string[],
  add: readonly string[],
  remove: readonly string[],
): readonly string[] => {
  const adds = add.some(flag => !flags.includes(flag))
  const removes = remove.some(flag => flags.includes(flag))
  if (!adds && !removes) return flags
  return flagSet([...flags, ...add].filter(flag => !remove.includes(flag)))
}
