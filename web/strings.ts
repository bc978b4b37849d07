import { common } from './strings/common.ts'
import { headers, links, parts, smtp, source } from './strings/inspect.ts'
import { message, quick } from './strings/message.ts'
import { preview } from './strings/preview.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = { common, message, quick, preview, source, headers, smtp, parts, links }

export type Strings = typeof strings
