import { commands } from './strings/commands.ts'
import { common } from './strings/common.ts'
import { connect } from './strings/connect.ts'
import { listPane } from './strings/list-pane.ts'
import { living } from './strings/living.ts'
import { rail } from './strings/rail.ts'
import { search } from './strings/search.ts'
import { settings } from './strings/settings.ts'
import { shell } from './strings/shell.ts'
import { tabs } from './strings/tabs.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = {
  commands,
  common,
  connect,
  listPane,
  living,
  rail,
  search,
  settings,
  shell,
  tabs,
}

export type Strings = typeof strings
