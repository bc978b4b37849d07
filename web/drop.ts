import { computed, signal } from '@preact/signals'
import { whyReadOnly } from './live.ts'

/** Files on their way to `import.ts`, which is loaded when there are some: its part in the page's first code. */

/** Whether files are held over the page. */
export const isDropping = signal(false)
/** Files that were dropped and not taken yet. */
export const given = signal<readonly File[]>([])
/** Raised to have the file picker open. */
export const picking = signal(0)

let isWanted = false
/** True from the first time on that any of this is used. */
export const isImportWanted = computed(() => {
  isWanted ||= isDropping.value || given.value.length > 0 || picking.value > 0
  return isWanted
})

export const pickFiles = (): void => {
  if (!whyReadOnly.value) picking.value += 1
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true

/** Takes files that are dropped anywhere on the page. */
export const startDropping = (): void => {
  /** Entering a child comes before leaving its parent: held over the page is held over any of it. */
  let depth = 0
  const leave = (): void => {
    depth = 0
    isDropping.value = false
  }
  addEventListener('dragenter', event => {
    if (!hasFiles(event) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    depth += 1
    isDropping.value = true
  })
  addEventListener('dragleave', event => {
    if (!hasFiles(event)) return
    depth -= 1
    if (depth <= 0) leave()
  })
  addEventListener('dragover', event => {
    if (!hasFiles(event)) return
    // Without this the browser would leave the page for the file.
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = isDropping.value ? 'copy' : 'none'
  })
  addEventListener('drop', event => {
    if (!hasFiles(event)) return
    event.preventDefault()
    const isMeant = isDropping.value
    leave()
    if (isMeant) given.value = [...given.value, ...(event.dataTransfer?.files ?? [])]
  })
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && isDropping.value) leave()
  })
}
