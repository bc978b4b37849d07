import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { wantedLine } from '../checks.ts'
import { chunk } from '../chunk.ts'
import { formatSize } from '../format.ts'
import { goToLine } from '../source/go-to-line.ts'
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

const Blocks = ({ id, text, kind }: { id: number; text: string; kind: 'message' | 'html' }) => {
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
  const mark = useRef<HTMLSpanElement>(null)
  const wanted = wantedLine.value
  useEffect(() => {
    const view = mark.current?.closest<HTMLElement>('[data-scrolls]')
    if (!view || !highlighter || wanted?.id !== id || wanted.of !== kind) return
    const frame = requestAnimationFrame(() => {
      // Where the line is in what is not yet shown of a large source, that is fetched first.
      if (!goToLine(view, wanted.line)) return
      view.focus({ preventScroll: true })
      wantedLine.value = null
    })
    return () => cancelAnimationFrame(frame)
  }, [wanted, highlighter, id, kind, blocks])
  return (
    <>
      <span ref={mark} hidden />
      {highlighter &&
        blocks.map(block => <SourceBlock key={block.start} highlighter={highlighter} {...block} />)}
    </>
  )
}

/** The message as it was sent, or its HTML as it was meant. */
export const SourceView = ({ message }: { message: MessageDetail }) => {
  const words = strings.source
  const { value: wanted } = wantedLine
  useEffect(() => {
    if (wanted?.id === message.id) sourceOf.value = wanted.of
  }, [wanted, message.id])
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
          <Blocks id={message.id} text={message.html ?? ''} kind="html" />
        ) : (
          <LoadedView from={source} failed={words.failed}>
            {({ text, isWhole }) => (
              <>
                <Blocks id={message.id} text={text} kind="message" />
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
