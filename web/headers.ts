import { computed, signal } from '@preact/signals'
import { getRaw } from './api.ts'
import { loading } from './loaded.ts'
import { opened, shownTab } from './message.ts'
import { headerLength, rawFields } from './raw-header.ts'

/** How the values of header fields are shown. */
export const headerForm = signal<'decoded' | 'raw'>('decoded')

/** Octets of a header block that are read. */
const most = 2_000_000

const wanted = computed(() =>
  shownTab.value === 'headers' && headerForm.value === 'raw' && opened.value.is === 'ready'
    ? opened.value.message.id
    : null,
)

/** The fields of the open message as they were sent, while they are looked at. */
export const rawHeader = loading(wanted, async (id, signal) => {
  const { text } = await getRaw(id, most, signal, start => headerLength(start) >= 0)
  const length = headerLength(text)
  return rawFields(length < 0 ? text : text.slice(0, length))
})
