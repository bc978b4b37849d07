import { common } from './strings/common.ts'
import { compose } from './strings/compose.ts'
import { doing } from './strings/doing.ts'
import { importing } from './strings/import.ts'
import { rows } from './strings/rows.ts'
import { tags } from './strings/tags.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = { common, compose, doing, import: importing, rows, tags }

export type Strings = typeof strings
