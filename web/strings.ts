import { checks } from './strings/checks.ts'
import { commands } from './strings/commands.ts'
import { common } from './strings/common.ts'
import { connect } from './strings/connect.ts'
import { headers, links, parts, smtp, source } from './strings/inspect.ts'
import { living } from './strings/living.ts'
import { message, quick } from './strings/message.ts'
import { preview } from './strings/preview.ts'
import { settings } from './strings/settings.ts'
import { tabs } from './strings/tabs.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = {
  checks,
  commands,
  common,
  connect,
  headers,
  links,
  living,
  message,
  parts,
  preview,
  quick,
  settings,
  smtp,
  source,
  tabs,
}

export type Strings = typeof strings
