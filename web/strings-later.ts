import { headers, links, parts, smtp, source } from './strings/inspect.ts'

/** The words of what is loaded later, by their rooms, as in strings.ts: they are loaded with it. */
export const laterStrings = { headers, links, parts, smtp, source }

export type LaterStrings = typeof laterStrings
