import { common } from './strings/common.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = { common }

export type Strings = typeof strings
