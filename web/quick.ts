import { computed } from '@preact/signals'
import { announce } from './announce.ts'
import { copyText } from './clipboard.ts'
import { mainCodes, mainLinks } from './main-finds.ts'
import { opened } from './message.ts'
import { strings } from './strings.ts'
import { laterStrings } from './strings-later.ts'

const message = computed(() => (opened.value.is === 'ready' ? opened.value.message : null))
/** Of the open message. */
export const openCodes = computed(() => mainCodes(message.value?.codes ?? []))
export const openLinks = computed(() => mainLinks(message.value?.links ?? []))

/** Copies the likeliest one-time code of the open message. */
export const copyCode = async (): Promise<void> => {
  const [code] = openCodes.value
  if (!code) announce(laterStrings.quick.noCode)
  else
    announce(
      (await copyText(code.value))
        ? laterStrings.quick.codeCopied(code.value)
        : strings.message.notCopied,
    )
}

/** Opens the main link of the open message in a new tab, which knows nothing of this page. */
export const openMainLink = (): void => {
  const [link] = openLinks.value
  if (link) open(link.href, '_blank', 'noopener,noreferrer')
  else announce(laterStrings.quick.noLink)
}
