import './dialogs.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { change } from '../actions.ts'
import { whyReadOnly } from '../live.ts'
import { strings } from '../strings.ts'
import { cleanTag, edited, findTags, type TagState, tagStates } from '../tags.ts'
import { IconButton } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'

const words = strings.tags

const TagBox = ({ state, onToggle }: { state: TagState; onToggle: () => void }) => {
  const { tag, has } = state
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = has === 'some'
  }, [has])
  return (
    <li>
      <label class="check" title={whyReadOnly.value ?? undefined}>
        <input
          ref={box}
          type="checkbox"
          checked={has === 'all'}
          disabled={whyReadOnly.value !== null}
          data-testid="tag-box"
          onChange={onToggle}
        />
        <span class="tag-label">{tag}</span>
        {has === 'some' && <span class="quiet">{words.some}</span>}
      </label>
    </li>
  )
}

/** Puts tags on messages and takes them away: every tag that is known here, and new ones. */
export const TagEditor = () => {
  const [text, setText] = useState('')
  useEffect(() => {
    const mine = new AbortController()
    void findTags(text.trim(), mine.signal)
    return () => mine.abort()
  }, [text])
  const editing = edited.value
  if (!editing) return null
  const close = (): void => {
    edited.value = null
  }
  const typed = cleanTag(text)
  const all = tagStates.value
  const like = all.filter(({ tag }) => tag.toLowerCase().includes(text.trim().toLowerCase()))
  const isNew = typed !== null && !all.some(({ tag }) => tag === typed)
  const toggle = ({ tag, has }: TagState): void =>
    change(editing.chosen, has === 'all' ? { removeTags: [tag] } : { addTags: [tag] })
  const add = (): void => {
    if (typed === null || whyReadOnly.value) return
    change(editing.chosen, { addTags: [typed] })
    setText('')
  }
  return (
    <Dialog
      class="sheet sheet-narrow"
      labelledBy="tag-editor-title"
      testId="tag-editor"
      onClose={close}
    >
      {end => (
        <form
          class="sheet-form"
          method="dialog"
          onSubmit={event => {
            event.preventDefault()
            add()
          }}
        >
          <header>
            <h2 id="tag-editor-title">{words.titleOf(editing.count)}</h2>
            <IconButton icon="x" label={strings.common.close} onClick={end} />
          </header>
          <div class="field">
            <input
              type="text"
              value={text}
              maxLength={100}
              autocomplete="off"
              autofocus
              aria-label={words.newTag}
              placeholder={words.newTag}
              data-testid="tag-input"
              onInput={event => setText(event.currentTarget.value)}
            />
          </div>
          {isNew && (
            <button type="button" class="tag-create" data-testid="tag-create" onClick={add}>
              <Icon name="tag" size={14} />
              {words.create(typed)}
            </button>
          )}
          {like.length > 0 ? (
            <ul class="tag-boxes" aria-label={words.tags}>
              {like.slice(0, 200).map(state => (
                <TagBox key={state.tag} state={state} onToggle={() => toggle(state)} />
              ))}
            </ul>
          ) : (
            !isNew && <p class="quiet">{all.length === 0 ? words.none : words.noneLike}</p>
          )}
          <p class="quiet">{words.hint}</p>
        </form>
      )}
    </Dialog>
  )
}
