import { actions } from './strings/actions.ts'
import { attention } from './strings/attention.ts'
import { commands } from './strings/commands.ts'
import { common } from './strings/common.ts'
import { listPane } from './strings/list-pane.ts'
import { message } from './strings/message.ts'
import { rail } from './strings/rail.ts'
import { rows } from './strings/rows.ts'
import { search } from './strings/search.ts'
import { settings } from './strings/settings.ts'
import { shell } from './strings/shell.ts'
import { tabs } from './strings/tabs.ts'
import { tags } from './strings/tags.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own. Rooms that are loaded later have theirs in
 * strings-later.ts.
 */
export const strings = {
  actions,
  attention,
  commands,
  common,
  listPane,
  message,
  rail,
  rows,
  search,
  settings,
  shell,
  tabs,
  tags,
}

export type Strings = typeof strings
