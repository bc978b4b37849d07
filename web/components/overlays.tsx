import { composing } from '../compose.ts'
import { edited } from '../tags.ts'
import { ImportPanel } from './import-panel.tsx'
import { lazy } from './lazy.tsx'
import { UndoToast } from './undo-toast.tsx'

const ComposeDialog = lazy(async () => (await import('./compose-dialog.tsx')).ComposeDialog)
const TagEditor = lazy(async () => (await import('./tag-editor.tsx')).TagEditor)

/** What lies above the page while something is being done. */
export const Overlays = () => (
  <>
    <UndoToast />
    <ImportPanel />
    {composing.value && <ComposeDialog />}
    {edited.value && <TagEditor />}
  </>
)
