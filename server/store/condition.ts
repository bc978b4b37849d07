import type { Content } from '../mime/content.ts'
import type { Header } from '../mime/header.ts'
import type { Entry } from './message.ts'

/** Search text of a message: folded, whitespace runs as one space; `isCut` where the message has more. */
export type SearchText = { readonly text: string; readonly isCut: boolean }

/** What a condition may have to look at beyond the index. `content` is null where the parser gave up. */
export type FactKind = 'searchText' | 'content' | 'header'

/** The facts known of one message; asking for one that is not there notes that it is missing. */
export class Facts {
  readonly missing = new Set<FactKind>()
  #searchText: SearchText | undefined
  #content: Content | null | undefined
  #header: Header | undefined

  get searchText(): SearchText | undefined {
    if (!this.#searchText) this.missing.add('searchText')
    return this.#searchText
  }

  set searchText(value: SearchText) {
    this.missing.delete('searchText')
    this.#searchText = value
  }

  get content(): Content | null | undefined {
    if (this.#content === undefined) this.missing.add('content')
    return this.#content
  }

  set content(value: Content | null) {
    this.missing.delete('content')
    this.#content = value
  }

  get header(): Header | undefined {
    if (!this.#header) this.missing.add('header')
    return this.#header
  }

  set header(value: Header) {
    this.missing.delete('header')
    this.#header = value
  }
}

/** True, false, or undefined: cannot be told before what `facts.missing` names is there. */
export type Condition = (entry: Entry, facts: Facts) => boolean | undefined

export const always: Condition = () => true

/** All must hold. What the index can refute is never looked up. */
export const and = (conditions: readonly Condition[]): Condition => {
  if (conditions.length === 1) return conditions[0] as Condition
  return (entry, facts) => {
    let result: boolean | undefined = true
    for (const condition of conditions) {
      const holds = condition(entry, facts)
      if (holds === false) return false
      if (holds === undefined) result = undefined
    }
    return result
  }
}

/** One must hold. */
export const or = (conditions: readonly Condition[]): Condition => {
  if (conditions.length === 1) return conditions[0] as Condition
  return (entry, facts) => {
    let result: boolean | undefined = false
    for (const condition of conditions) {
      const holds = condition(entry, facts)
      if (holds === true) return true
      if (holds === undefined) result = undefined
    }
    return result
  }
}

export const not =
  (condition: Condition): Condition =>
  (entry, facts) => {
    const holds = condition(entry, facts)
    return holds === undefined ? undefined : !holds
  }
