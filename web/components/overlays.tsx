import { composing } from '../compose.ts'
import { isImportWanted } from '../drop.ts'
import { edited } from '../tags.ts'
import { lazy } from './lazy.tsx'
import { UndoToast } from './undo-toast.tsx'

const ComposeDialog = lazy(async () => (await import('./compose-dialog.tsx')).ComposeDialog)
const ImportPanel = lazy(async () => (await import('./import-panel.tsx')).ImportPanel)
const TagEditor = lazy(async () => (await import('./tag-editor.tsx')).TagEditor)

/** What lies above the page while something is being done. */
export const Overlays = () => (
  <>
    <UndoToast />
    {isImportWanted.value && <ImportPanel />}
    {composing.value && <ComposeDialog />}
    {edited.value && <TagEditor />}
  </>
)
