import type { CheckState, Severity } from '../../server/http/resources.ts'
import { formatCount, formatNumber } from '../format.ts'

/** The tab of the checks. What was found is told by the server. */
export const checks = {
  label: 'Checks of the message',
  failed: 'The message could not be checked',
  filter: 'What is shown',
  all: 'All',
  severities: {
    error: 'Errors',
    warning: 'Warnings',
    info: 'Notes',
  } satisfies Record<Severity, string>,
  severity: { error: 'Error', warning: 'Warning', info: 'Note' } satisfies Record<Severity, string>,
  client: 'Mail client',
  allClients: 'All mail clients',
  states: { done: '', partial: 'In part', failed: 'Not checked' } satisfies Record<
    CheckState,
    string
  >,
  nothing: 'Nothing found.',
  nothingOfKind: 'Nothing of that kind.',
  nothingAtAll: 'Nothing was found: all checks passed.',
  looked: 'Looked at',
  why: 'Why it matters',
  fix: 'How to mend it',
  where: (count: number) => (count === 1 ? 'Where' : `Where (${formatNumber(count)})`),
  more: (count: number) => `and ${formatCount(count, 'more place')}`,
  times: (count: number) => `${formatNumber(count)} ×`,
  part: (part: string) => `part ${part}`,
  line: (line: number) => `line ${formatNumber(line)}`,
  show: (line: number) => `Show line ${formatNumber(line)} in the source`,
  support: { no: 'no', partial: 'in part' },
  clients: 'Mail clients',
  read: 'Read more',
  data: (date: string, features: number) =>
    `The table of mail clients is that of ${date} and has ${formatCount(features, 'feature')}.`,
  source: 'Source of the table',
  unmapped: (count: number) => `${formatCount(count, 'feature')} cannot be seen in a mail`,
  notVerified: 'not verified',
  tag: 'Tag',
  value: 'Value',
  means: 'Means',
} as const
