import { useMemo, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { formatSize } from '../format.ts'
import { linkify } from '../linkify.ts'
import { laterStrings } from '../strings-later.ts'
import { Button } from './button.tsx'
import { NotParsed } from './not-parsed.tsx'
import { ScrollRegion } from './scroll-region.tsx'

/** Characters shown at first: more elements than that make a browser slow. */
const most = 200_000

export const TextView = ({ message }: { message: MessageDetail }) => {
  const [wholeId, setWholeId] = useState(0)
  const text = message.text ?? ''
  const isCut = text.length > most && wholeId !== message.id
  const pieces = useMemo(() => linkify(isCut ? text.slice(0, most) : text), [text, isCut])
  if (message.text === null) {
    return <NotParsed message={message}>{laterStrings.opened.noText}</NotParsed>
  }
  return (
    <ScrollRegion class="text-view" label={laterStrings.opened.textLabel} testId="text">
      <pre>
        {pieces.map((piece, at) =>
          piece.href ? (
            <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer">
              {piece.text}
            </a>
          ) : (
            piece.text
          ),
        )}
      </pre>
      {isCut && (
        <Button onClick={() => setWholeId(message.id)}>
          {laterStrings.opened.showAll(formatSize(text.length))}
        </Button>
      )}
    </ScrollRegion>
  )
}
