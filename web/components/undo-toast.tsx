import { undoDeletion } from '../actions.ts'
import { undoable, undoTime } from '../deletions.ts'
import { strings } from '../strings.ts'

/** Ten seconds to take a deletion back. */
export const UndoToast = () => {
  const newest = undoable.value.at(-1)
  if (!newest) return null
  return (
    <div class="toast" data-testid="undo-toast">
      <span>{strings.actions.deleted(newest.count)}</span>
      <button type="button" data-testid="undo" onClick={undoDeletion}>
        {strings.actions.undo}
      </button>
      <span
        key={undoable.value.length}
        class="toast-time"
        style={{ animationDuration: `${undoTime}ms` }}
      />
    </div>
  )
}
