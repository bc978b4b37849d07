import { useMemo } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { chunk } from '../chunk.ts'
import { formatSize } from '../format.ts'
import { showWholeSource, source, sourceStart } from '../message.ts'
import { Button } from './button.tsx'
import { ScrollRegion } from './scroll-region.tsx'

/** Lines in one block: the browser lays out only the blocks in view. */
const blockLines = 200

export const SourceView = ({ message }: { message: MessageDetail }) => {
  const shown = source.value
  const text = shown.is === 'ready' ? shown.text : ''
  const blocks = useMemo(() => chunk(text, blockLines), [text])
  if (shown.is === 'loading') return <p class="nothing-here quiet">Reading the source…</p>
  if (shown.is === 'failed') {
    return (
      <p class="nothing-here" role="alert">
        The source could not be read: {shown.error.message}
      </p>
    )
  }
  return (
    <ScrollRegion class="source-view" label="Source of the message" testId="source">
      {blocks.map((block, at) => (
        <pre key={at}>{block}</pre>
      ))}
      {!shown.isWhole && (
        <p class="source-more">
          <span>The first {formatSize(sourceStart)} are shown.</span>
          <Button testId="whole-source" onClick={showWholeSource}>
            Show all ({formatSize(message.size)})
          </Button>
        </p>
      )}
    </ScrollRegion>
  )
}
