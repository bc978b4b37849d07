import type { Address } from '../mime/address.ts'

/** What many messages have in common, such as their sender, is kept in memory once. */

/** So many values are known at a time: those of others are not to fill the memory. */
const limit = 10_000
const texts = new Map<string, string>()
const textLists = new Map<string, readonly string[]>()
const lists = new Map<string, readonly Address[]>()

const shared = <T>(known: Map<string, T>, key: string, value: T): T => {
  const same = known.get(key)
  if (same !== undefined) return same
  if (known.size >= limit) known.clear()
  known.set(key, value)
  return value
}

/** The one string that stands for this text. */
export const sharedText = (text: string): string => shared(texts, text, text)

/** The one list that stands for this one, where it has one text. */
export const sharedTexts = (list: readonly string[]): readonly string[] => {
  const [first, second] = list
  if (first === undefined) return none
  return second === undefined ? shared(textLists, first, list) : list
}

/** The one list that stands for this one, where it has one address; a longer one is seldom met again. */
export const sharedAddresses = (list: readonly Address[]): readonly Address[] => {
  const [first, second] = list
  if (!first || second) return list
  return shared(lists, `${first.name}\n${first.address}`, list)
}

const none: readonly string[] = Object.freeze([])
