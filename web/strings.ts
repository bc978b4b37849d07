import { checks } from './strings/checks.ts'
import { commands } from './strings/commands.ts'
import { common } from './strings/common.ts'
import { compose } from './strings/compose.ts'
import { connect } from './strings/connect.ts'
import { doing } from './strings/doing.ts'
import { importing } from './strings/import.ts'
import { headers, links, parts, smtp, source } from './strings/inspect.ts'
import { listPane } from './strings/list-pane.ts'
import { living } from './strings/living.ts'
import { message, quick } from './strings/message.ts'
import { preview } from './strings/preview.ts'
import { rail } from './strings/rail.ts'
import { rows } from './strings/rows.ts'
import { search } from './strings/search.ts'
import { settings } from './strings/settings.ts'
import { shell } from './strings/shell.ts'
import { tabs } from './strings/tabs.ts'
import { tags } from './strings/tags.ts'

/**
 * Every word that the inbox says, by the room it is said in. A translation is an object of this shape; what depends
 * on a number or a name is a function. Components hold no words of their own.
 */
export const strings = {
  checks,
  commands,
  common,
  compose,
  connect,
  doing,
  headers,
  import: importing,
  links,
  listPane,
  living,
  message,
  parts,
  preview,
  quick,
  rail,
  rows,
  search,
  settings,
  shell,
  smtp,
  source,
  tabs,
  tags,
}

export type Strings = typeof strings
