import { change, deleteSelected, nextMarks, selectEverything, whyNoDelete } from '../actions.ts'
import { zipUrl } from '../api.ts'
import { total } from '../inbox.ts'
import { whyReadOnly } from '../live.ts'
import { isAllSelected, selectedCount, selection } from '../selection.ts'
import { strings } from '../strings.ts'
import { editTags } from '../tags.ts'
import { IconButton, IconLink } from './button.tsx'
import { SelectAllBox } from './select-all-box.tsx'

const words = strings.actions

const Download = () => {
  const url = zipUrl(selection.value)
  return url === null ? (
    <IconButton
      icon="download"
      label={words.download}
      why={words.tooScattered}
      onClick={() => {}}
    />
  ) : (
    <IconLink
      icon="download"
      label={words.download}
      testId="selected-download"
      href={url}
      download="messages.zip"
    />
  )
}

/** What can be done to the selected messages; it stands in for the bar above the list while there are some. */
export const BulkBar = () => {
  const count = selectedCount.value
  if (count === 0) return null
  const isAll = isAllSelected.value
  const { unread, flagged } = nextMarks.value
  const why = whyReadOnly.value
  return (
    <div class="bulk-bar" role="toolbar" aria-label={words.bar} data-testid="bulk-bar">
      <SelectAllBox />
      <h1 class="bulk-count" data-testid="selected-count">
        {words.selected(count, isAll)}
      </h1>
      {!isAll && (
        <button type="button" class="bulk-all" data-testid="select-rest" onClick={selectEverything}>
          {words.selectAll(total.value)}
        </button>
      )}
      <div class="list-tools">
        <IconButton
          icon={unread ? 'mail' : 'mailOpen'}
          label={unread ? words.markUnread : words.markRead}
          testId="selected-unread"
          why={why}
          onClick={() => change(selection.value, { unread })}
        />
        <IconButton
          icon="flag"
          label={flagged ? words.flag : words.unflag}
          testId="selected-flag"
          why={why}
          onClick={() => change(selection.value, { flagged })}
        />
        <IconButton
          icon="tag"
          label={words.tag}
          testId="selected-tag"
          why={why}
          onClick={() => editTags(selection.value, count)}
        />
        <Download />
        <IconButton
          icon="trash"
          label={words.remove}
          testId="selected-delete"
          why={whyNoDelete.value}
          onClick={deleteSelected}
        />
      </div>
    </div>
  )
}
