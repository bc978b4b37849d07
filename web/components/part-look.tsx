import { useMemo, useState } from 'preact/hooks'
import { htmlUrl, partUrl } from '../api.ts'
import { formatMoment, formatSize } from '../format.ts'
import { readCalendar } from '../parts/calendar.ts'
import {
  type Look,
  look,
  lookedAt,
  lookLimit,
  type PartRow,
  type TextLook,
} from '../parts/parts.ts'
import { readTable } from '../parts/table.ts'
import { strings } from '../strings.ts'
import { laterStrings } from '../strings-later.ts'
import { AddressFold } from './address-fold.tsx'
import { IconButton } from './button.tsx'
import { Growing } from './growing.tsx'
import { LoadedView } from './loaded-view.tsx'
import { LongText } from './long-text.tsx'
import { MailFrame } from './mail-frame.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { Segments } from './segments.tsx'
import { HiddenChip, ShownText } from './shown-text.tsx'

type MessageLook = Extract<Look, { kind: 'message' }>

const Picture = ({ id, part: { part, name } }: { id: number; part: Look['part'] }) => {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return <p class="nothing-here">{laterStrings.parts.noImage}</p>
  return (
    <div class="part-picture">
      <img
        src={`${partUrl(id, part)}?inline=1`}
        alt={name || laterStrings.parts.preview(part)}
        onError={() => setBroken(true)}
        data-testid="part-image"
      />
    </div>
  )
}

const Json = ({ text, isWhole }: TextLook) => {
  const pretty = useMemo(() => {
    try {
      return isWhole ? JSON.stringify(JSON.parse(text), null, 2) : text
    } catch {
      return null
    }
  }, [text, isWhole])
  return (
    <>
      {pretty === null && <p class="quiet">{laterStrings.parts.noJson}</p>}
      <pre>{pretty ?? text}</pre>
    </>
  )
}

const Sheet = ({ text, part }: TextLook) => {
  const { rows, isCut } = useMemo(() => readTable(text, part.contentType), [text, part])
  const [head = [], ...rest] = rows
  return (
    <>
      <table class="grid data-table">
        <thead>
          <tr>
            {head.map((cell, at) => (
              <th key={at} scope="col">
                <ShownText text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Growing
            items={rest}
            of={part.part}
            step={50}
            end={mark => (
              <tr ref={mark}>
                <td>…</td>
              </tr>
            )}
          >
            {(row, at) => (
              <tr key={at}>
                {row.map((cell, column) => (
                  <td key={column}>
                    <ShownText text={cell} />
                  </td>
                ))}
              </tr>
            )}
          </Growing>
        </tbody>
      </table>
      {isCut && <p class="quiet">{laterStrings.parts.tableCut}</p>}
    </>
  )
}

const Calendar = ({ text }: TextLook) => {
  const { method, items } = useMemo(() => readCalendar(text), [text])
  const words = laterStrings.parts
  return (
    <>
      {method && (
        <p>
          {words.method} <b>{method}</b>
        </p>
      )}
      {items.length === 0 && <p class="quiet">{words.noEvents}</p>}
      {items.map(({ type, properties }, at) => (
        <table key={at} class="headers" aria-label={type}>
          <tbody>
            {properties.map(({ name, value }, line) => (
              <tr key={line}>
                <th scope="row">{name}</th>
                <td>
                  <LongText text={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      <pre>{text}</pre>
    </>
  )
}

const Nested = ({ id, part, nested }: MessageLook & { id: number }) => {
  const words = laterStrings.parts
  const [wanted, setWanted] = useState<'html' | 'text'>('html')
  const view = nested.html && (wanted === 'html' || nested.text === null) ? 'html' : 'text'
  const people = [
    [laterStrings.opened.from, nested.from],
    [laterStrings.opened.to, nested.to],
    [laterStrings.opened.cc, nested.cc],
  ] as const
  return (
    <>
      <h4>
        <ShownText text={nested.subject || laterStrings.opened.noSubject} />{' '}
        <HiddenChip text={nested.subject} />
      </h4>
      <table class="headers">
        <tbody>
          {people.map(
            ([name, addresses]) =>
              addresses.length > 0 && (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <AddressFold addresses={addresses} none="" />
                  </td>
                </tr>
              ),
          )}
          {nested.date !== null && (
            <tr>
              <th scope="row">{words.date}</th>
              <td>{formatMoment(nested.date)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {nested.html && nested.text !== null && (
        <Segments
          label={words.view}
          testId="nested-view"
          choices={[
            { value: 'html', text: strings.tabs.html },
            { value: 'text', text: strings.tabs.text },
          ]}
          value={view}
          onChoose={setWanted}
        />
      )}
      {view === 'html' ? (
        <div class="nested-frame">
          <MailFrame
            title={words.nestedHtml}
            src={htmlUrl(id, { isRemoteShown: false, part: part.part })}
            testId="nested-frame"
          />
        </div>
      ) : (
        <pre>{nested.text ?? words.nestedEmpty}</pre>
      )}
    </>
  )
}

const Content = ({ id, shown }: { id: number; shown: Look }) => {
  switch (shown.kind) {
    case 'image':
      return <Picture id={id} part={shown.part} />
    case 'text':
      return <pre>{shown.text}</pre>
    case 'json':
      return <Json {...shown} />
    case 'table':
      return <Sheet {...shown} />
    case 'calendar':
      return <Calendar {...shown} />
    case 'message':
      return <Nested id={id} {...shown} />
  }
}

/** A look into a part: text as text, whatever it says it is, and pictures of four kinds. */
export const PartLook = ({ id, row: { part } }: { id: number; row: PartRow }) => {
  const words = laterStrings.parts
  const title = words.preview(part.part || words.whole)
  return (
    <div class="part-look" data-testid="part-look">
      <div class="pane-bar">
        <h3>
          {title} <span class="quiet">{part.contentType}</span>
        </h3>
        <span class="message-tools-gap" />
        <IconButton
          icon="x"
          label={strings.common.close}
          testId="close-look"
          onClick={() => {
            lookedAt.value = null
          }}
        />
      </div>
      <ScrollRegion class="part-content" label={title} testId="part-content">
        <LoadedView from={look} failed={words.lookFailed}>
          {shown => (
            <>
              {'isWhole' in shown && !shown.isWhole && (
                <p class="quiet">{words.cut(formatSize(lookLimit))}</p>
              )}
              <Content key={shown.part.part} id={id} shown={shown} />
            </>
          )}
        </LoadedView>
      </ScrollRegion>
    </div>
  )
}
