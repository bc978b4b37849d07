import { computed, signal } from '@preact/signals'
import type { MessagePart, NestedMessage } from '../../server/http/resources.ts'
import { getNested, getParts, getPartText, type ReadText } from '../api.ts'
import { loading } from '../loaded.ts'
import { opened, shownTab } from '../message.ts'
import { type LookKind, lookKind } from './look-kind.ts'

/** The MIME tree of the open message, while its tab is shown. */
const wanted = computed(() =>
  shownTab.value === 'parts' && opened.value.is === 'ready' ? opened.value.message.id : null,
)

export const tree = loading(wanted, async (id, signal) => {
  const { root } = await getParts(id, signal)
  return { id, rows: rowsOf(root) }
})

/** A node of the tree, as a row. `depth` counts from 0; `key` is its place. */
export type PartRow = { readonly part: MessagePart; readonly depth: number; readonly key: string }

export const rowsOf = (root: MessagePart): readonly PartRow[] => {
  const rows: PartRow[] = []
  const visit = (part: MessagePart, depth: number, key: string): void => {
    rows.push({ part, depth, key })
    part.parts.forEach((child, at) => {
      visit(child, depth + 1, `${key}.${at + 1}`)
    })
  }
  visit(root, 0, '0')
  return rows
}

/** The part that is looked into, and of which message. */
export const lookedAt = signal<{ readonly id: number; readonly row: PartRow } | null>(null)

/** A part that is read as text, and how that is shown. */
export type TextLook = ReadText & {
  readonly kind: 'text' | 'table' | 'json' | 'calendar'
  readonly part: MessagePart
}

/** What is shown of a part. */
export type Look =
  | { readonly kind: 'image'; readonly part: MessagePart }
  | TextLook
  | { readonly kind: 'message'; readonly part: MessagePart; readonly nested: NestedMessage }

/** Octets of a part that are read to be looked at. */
export const lookLimit = 1024 * 1024

const lookKey = computed(() => {
  const at = lookedAt.value
  if (!at || at.id !== wanted.value) return null
  return `${at.id} ${at.row.key}`
})

const readLook = async (
  id: number,
  part: MessagePart,
  kind: LookKind,
  signal: AbortSignal,
): Promise<Look> => {
  if (kind === 'image') return { kind, part }
  if (kind === 'message') return { kind, part, nested: await getNested(id, part.part, signal) }
  const { charset } = part
  return {
    kind,
    part,
    ...(await getPartText(id, part.part, { limit: lookLimit, charset }, signal)),
  }
}

/** What the part that is looked into holds. */
export const look = loading(lookKey, async (_key, signal) => {
  const at = lookedAt.value
  const kind = at && lookKind(at.row.part)
  if (!at || !kind) throw new Error('There is nothing to look at')
  return readLook(at.id, at.row.part, kind, signal)
})
