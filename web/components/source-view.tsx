import { useEffect, useMemo, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { chunk } from '../chunk.ts'
import { formatSize } from '../format.ts'
import { type Highlighter, openHighlighter } from '../source/highlighter.ts'
import { showWholeSource, source, sourceOf, sourceStart } from '../source/source.ts'
import { strings } from '../strings.ts'
import { Button } from './button.tsx'
import { LoadedView } from './loaded-view.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { Segments } from './segments.tsx'
import { SourceBlock } from './source-block.tsx'
import './inspect.css'
import './source.css'

/** Lines and characters in one block: the browser lays out only the blocks in view. */
const blockLines = 100
const blockLength = 16_000

const Blocks = ({ text, kind }: { text: string; kind: 'message' | 'html' }) => {
  const [highlighter, setHighlighter] = useState<Highlighter | null>(null)
  useEffect(() => {
    const opened = openHighlighter(text, kind)
    setHighlighter(opened)
    return () => opened.close()
  }, [text, kind])
  const blocks = useMemo(() => {
    let end = 0
    return chunk(text, blockLines, blockLength).map(block => {
      end += block.length
      return { text: block, start: end - block.length }
    })
  }, [text])
  return (
    <>
      {highlighter &&
        blocks.map(block => <SourceBlock key={block.start} highlighter={highlighter} {...block} />)}
    </>
  )
}

/** The message as it was sent, or its HTML as it was meant. */
export const SourceView = ({ message }: { message: MessageDetail }) => {
  const words = strings.source
  const isHtml = sourceOf.value === 'html' && message.html !== null
  return (
    <>
      {message.html !== null && (
        <div class="pane-bar">
          <Segments
            label={words.switch}
            testId="source-of"
            choices={[
              { value: 'message', text: words.message },
              { value: 'html', text: words.html },
            ]}
            value={sourceOf.value}
            onChoose={value => {
              sourceOf.value = value
            }}
          />
        </div>
      )}
      <ScrollRegion class="source-view" label={words.label} testId="source">
        {isHtml ? (
          <Blocks text={message.html ?? ''} kind="html" />
        ) : (
          <LoadedView from={source} failed={words.failed}>
            {({ text, isWhole }) => (
              <>
                <Blocks text={text} kind="message" />
                {!isWhole && (
                  <p class="source-more">
                    <span>{words.start(formatSize(sourceStart))}</span>
                    <Button testId="whole-source" onClick={showWholeSource}>
                      {strings.message.showAll(formatSize(message.size))}
                    </Button>
                  </p>
                )}
              </>
            )}
          </LoadedView>
        )}
      </ScrollRegion>
    </>
  )
}
