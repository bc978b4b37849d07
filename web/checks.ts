import { computed, effect, signal } from '@preact/signals'
import type { Place } from '../server/http/resources.ts'
import { getChecks } from './api.ts'
import { loading } from './loaded.ts'
import { opened, openId, shownTab } from './message.ts'
import { navigate, route } from './route.ts'

/** The message whose checks were asked for: that of which the tab was opened. */
const askedId = signal<number | null>(null)
effect(() => {
  if (shownTab.value === 'checks' && opened.value.is === 'ready') {
    askedId.value = opened.value.message.id
  }
})
const wanted = computed(() => (askedId.value === openId.value ? askedId.value : null))

/** What was found in the open message; nothing is computed before its tab was looked at. */
export const checks = loading(wanted, getChecks)

/** Errors and warnings, for the tab; 0 as long as nobody has looked. */
export const checksCount = computed(() => {
  const { value: shown } = checks.state
  return shown.is === 'ready' ? shown.value.counts.error + shown.value.counts.warning : 0
})

/** A line that the source is to show, in the message as sent or in its decoded HTML; gone once it is shown. */
export type WantedLine = {
  readonly id: number
  readonly of: 'message' | 'html'
  readonly line: number
}
export const wantedLine = signal<WantedLine | null>(null)

/** Where the source has a place: in the HTML where that line is the one quoted, else in the message as sent. */
export const lineOf = (
  { line, sourceLine, excerpt, header }: Place,
  html: string | null,
): Omit<WantedLine, 'id'> | null => {
  if (line !== undefined && html !== null && header === undefined && holds(html, line, excerpt)) {
    return { of: 'html', line }
  }
  return sourceLine === undefined ? null : { of: 'message', line: sourceLine }
}

/** A mail with several HTML parts has them one after the other: the line may be one of another part. */
const holds = (html: string, line: number, excerpt: string | undefined): boolean => {
  const [, , start = ''] = /^(.*: )?(\S{1,12})/.exec(excerpt ?? '') ?? []
  return html.split('\n', line)[line - 1]?.includes(start) ?? false
}

/** Shows a line of the source. */
export const showLine = (wanted: WantedLine): void => {
  const here = route.value
  if (here.page !== 'message') return
  wantedLine.value = wanted
  navigate({ ...here, tab: 'source' })
}
