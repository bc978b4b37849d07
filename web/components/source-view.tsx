import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { wantedLine } from '../checks.ts'
import { chunk } from '../chunk.ts'
import { formatSize } from '../format.ts'
import { type Nearness, openNearness } from '../nearness.ts'
import { goToLine } from '../source/go-to-line.ts'
import { type Highlighter, openHighlighter } from '../source/highlighter.ts'
import { showWholeSource, source, sourceOf, sourceStart } from '../source/source.ts'
import { laterStrings } from '../strings-later.ts'
import { Button } from './button.tsx'
import { LoadedView } from './loaded-view.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { Segments } from './segments.tsx'
import { SourceBlock } from './source-block.tsx'
import './inspect.css'
import './source.css'

/** Lines and characters in one block: the browser lays out, and colours, only the blocks near the view. */
const blockLines = 60
const blockLength = 6_000

type Tools = { readonly highlighter: Highlighter; readonly nearness: Nearness }

const Blocks = ({ id, text, kind }: { id: number; text: string; kind: 'message' | 'html' }) => {
  const element = useRef<HTMLDivElement>(null)
  const [tools, setTools] = useState<Tools | null>(null)
  useEffect(() => {
    const highlighter = openHighlighter(text, kind)
    const nearness = openNearness(element.current?.closest('[data-scrolls]') ?? null)
    setTools({ highlighter, nearness })
    return () => {
      highlighter.close()
      nearness.close()
    }
  }, [text, kind])
  const blocks = useMemo(() => {
    let end = 0
    return chunk(text, blockLines, blockLength).map(block => {
      end += block.length
      return { text: block, start: end - block.length }
    })
  }, [text])
  const wanted = wantedLine.value
  useEffect(() => {
    const view = element.current?.closest<HTMLElement>('[data-scrolls]')
    if (!view || !tools || wanted?.id !== id || wanted.of !== kind) return
    const frame = requestAnimationFrame(() => {
      // Where the line is in what is not yet shown of a large source, that is fetched first.
      if (!goToLine(view, wanted.line)) return
      view.focus({ preventScroll: true })
      wantedLine.value = null
    })
    return () => cancelAnimationFrame(frame)
  }, [wanted, tools, id, kind, blocks])
  return (
    <div ref={element}>
      {tools && blocks.map(block => <SourceBlock key={block.start} {...tools} {...block} />)}
    </div>
  )
}

/** The message as it was sent, or its HTML as it was meant. */
export const SourceView = ({ message }: { message: MessageDetail }) => {
  const words = laterStrings.source
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
                      {laterStrings.opened.showAll(formatSize(message.size))}
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
