import { useMemo } from 'preact/hooks'
import { countHidden, splitHidden } from '../hidden-characters.ts'
import { strings } from '../strings.ts'
import { Icon } from './icon.tsx'

/**
 * A text that somebody sent, shown for what it is: hidden characters are marked, and cannot turn what stands beside them.
 */
export const ShownText = ({ text }: { text: string }) => {
  const pieces = useMemo(() => splitHidden(text), [text])
  return (
    <>
      {pieces.map((piece, at) =>
        typeof piece === 'string' ? (
          <bdi key={at}>{piece}</bdi>
        ) : (
          <span key={at} class="hidden-character" title={piece.name}>
            {piece.label}
          </span>
        ),
      )}
    </>
  )
}

/** Says that a text has hidden characters; nothing where it has none. Short, it is but a sign. */
export const HiddenChip = ({ text, isShort }: { text: string; isShort?: boolean }) => {
  const count = useMemo(() => countHidden(text), [text])
  if (count === 0) return null
  return (
    <span
      class="chip chip-warn"
      title={`${strings.message.hidden(count)}. ${strings.message.hiddenWhy}`}
      data-testid="hidden-characters"
    >
      <Icon name="triangleAlert" size={12} />
      <span class={isShort ? 'hidden' : undefined}>{strings.message.hidden(count)}</span>
    </span>
  )
}
