import { checks } from './strings/checks.ts'
import { compose } from './strings/compose.ts'
import { connect } from './strings/connect.ts'
import { importing } from './strings/import.ts'
import { headers, links, parts, smtp, source } from './strings/inspect.ts'
import { opened, quick } from './strings/opened.ts'
import { preview } from './strings/preview.ts'

/** The words of what is loaded later, by their rooms, as in strings.ts: they are loaded with it. */
export const laterStrings = {
  checks,
  compose,
  connect,
  headers,
  import: importing,
  links,
  opened,
  parts,
  preview,
  quick,
  smtp,
  source,
}

export type LaterStrings = typeof laterStrings
