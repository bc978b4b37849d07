import { useState } from 'preact/hooks'
import { formatSize } from '../format.ts'
import { laterStrings } from '../strings-later.ts'
import { Button } from './button.tsx'
import { ShownText } from './shown-text.tsx'

/** Characters of a value that are shown at first: laying out a line of a megabyte takes a browser seconds. */
const most = 10_000

/** A value that somebody sent, of any length. */
export const LongText = ({ text }: { text: string }) => {
  const [whole, setWhole] = useState<string | null>(null)
  if (text.length <= most || whole === text) return <ShownText text={text} />
  return (
    <>
      <ShownText text={text.slice(0, most)} />…{' '}
      <Button kind="quiet" onClick={() => setWhole(text)}>
        {laterStrings.opened.showAll(formatSize(text.length))}
      </Button>
    </>
  )
}
