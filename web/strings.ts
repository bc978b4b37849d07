import { common } from './strings/common.ts'
import { listPane } from './strings/list-pane.ts'
import { rail } from './strings/rail.ts'
import { search } from './strings/search.ts'
import { shell } from './strings/shell.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = { common, listPane, rail, search, shell }

export type Strings = typeof strings
