import { change } from '../actions.ts'
import { whyReadOnly } from '../live.ts'
import { navigate } from '../route.ts'
import { strings } from '../strings.ts'
import { searchForTag } from '../tags.ts'
import { Icon } from './icon.tsx'

const words = strings.tags

/** Tags shown on a row before the rest is a number. */
const few = 2

/** The tags of a row: few, and no controls. A screen reader hears all of them. */
export const RowTags = ({ tags }: { tags: readonly string[] }) => (
  <span class="row-tags">
    <span class="hidden">{words.said(tags)}</span>
    {tags.slice(0, few).map(tag => (
      <span key={tag} class="tag" aria-hidden="true">
        {tag}
      </span>
    ))}
    {tags.length > few && (
      <span class="tag tag-more" aria-hidden="true">
        +{tags.length - few}
      </span>
    )}
    <span class="row-tag-count" aria-hidden="true" title={tags.join(', ')}>
      <Icon name="tag" size={12} />
      {tags.length}
    </span>
  </span>
)

/** The tags of the open message: each leads to all that have it, and can be taken away. */
export const TagList = ({ id, tags }: { id: number; tags: readonly string[] }) => (
  <ul class="tags" aria-label={words.tags} data-testid="tags">
    {tags.map(tag => (
      <li key={tag} class="tag tag-editable">
        <button
          type="button"
          class="tag-name"
          title={words.find(tag)}
          onClick={() => navigate({ page: 'inbox', q: searchForTag(tag) })}
        >
          {tag}
        </button>
        <button
          type="button"
          class="tag-remove"
          aria-label={words.remove(tag)}
          aria-disabled={whyReadOnly.value ? true : undefined}
          title={whyReadOnly.value ?? words.remove(tag)}
          onClick={() => change({ ids: [[id, id]] }, { removeTags: [tag] })}
        >
          <Icon name="x" size={12} />
        </button>
      </li>
    ))}
  </ul>
)
