import { selectEverything, selectNothing } from '../actions.ts'
import { total } from '../inbox.ts'
import { hasSelection, isAllSelected } from '../selection.ts'
import { strings } from '../strings.ts'
import { Icon } from './icon.tsx'

const words = strings.actions

/** Selects all that the list has, known here or not; or nothing. */
export const SelectAllBox = () => {
  const isAll = isAllSelected.value
  const isAny = hasSelection.value
  return (
    // A box of the platform cannot be told "mixed" and be drawn like the rows' boxes alike.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <button
      type="button"
      class="select-all"
      role="checkbox"
      aria-checked={isAll ? 'true' : isAny ? 'mixed' : 'false'}
      aria-label={words.selectAll(total.value)}
      title={isAll ? words.selectNone : words.selectAll(total.value)}
      data-testid="select-all"
      onClick={isAll ? selectNothing : selectEverything}
    >
      <span class="box">{isAny && <Icon name={isAll ? 'check' : 'minus'} size={12} />}</span>
    </button>
  )
}
