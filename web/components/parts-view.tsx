import type { MessageDetail } from '../../server/http/resources.ts'
import { partUrl } from '../api.ts'
import { formatSize } from '../format.ts'
import { lookKind } from '../parts/look-kind.ts'
import { lookedAt, type PartRow, tree } from '../parts/parts.ts'
import { laterStrings } from '../strings-later.ts'
import { IconButton, IconLink } from './button.tsx'
import { Growing } from './growing.tsx'
import { LoadedView } from './loaded-view.tsx'
import { PartLook } from './part-look.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { HiddenChip, ShownText } from './shown-text.tsx'
import './inspect.css'
import './parts.css'

/** Deeper ones are no more indented. */
const maxIndent = 12

const PartLine = ({ id, row }: { id: number; row: PartRow }) => {
  const words = laterStrings.parts
  const { part, depth, key } = row
  const { charset, encoding, name, octets, size } = part
  const number = part.part || words.whole
  const isLeaf = part.parts.length === 0
  const isLookedAt = lookedAt.value?.id === id && lookedAt.value.row.key === key
  return (
    <tr data-testid="part-row" data-current={isLookedAt}>
      <th scope="row" class="part-number">
        <span style={{ paddingLeft: `${Math.min(depth, maxIndent) * 14}px` }}>{number}</span>
      </th>
      <td>
        {part.contentType}
        {charset && <span class="quiet"> {charset}</span>}
      </td>
      <td class="part-name">
        <ShownText text={name} /> <HiddenChip text={name} />
        {part.disposition && <span class="chip">{part.disposition}</span>}
        {part.cid && <span class="chip">{words.cid(part.cid)}</span>}
      </td>
      <td>{encoding}</td>
      <td class="number" title={isLeaf ? words.asSent(formatSize(octets)) : undefined}>
        {formatSize(size)}
      </td>
      <td class="row-tools">
        <span>
          {lookKind(part) && (
            <IconButton
              icon="eye"
              label={words.look(number)}
              testId="look"
              isPressed={isLookedAt}
              onClick={() => {
                lookedAt.value = isLookedAt ? null : { id, row }
              }}
            />
          )}
          {part.part !== '' && (
            <IconLink
              icon="download"
              label={words.downloadPart(number)}
              href={partUrl(id, part.part)}
              download={name || `part-${part.part}`}
            />
          )}
        </span>
      </td>
    </tr>
  )
}

/** The MIME tree, and a look into one of its parts. */
export const PartsView = ({ message }: { message: MessageDetail }) => {
  const words = laterStrings.parts
  const at = lookedAt.value
  return (
    <LoadedView from={tree} failed={words.failed}>
      {({ id, rows }) => (
        <>
          <ScrollRegion class="parts-tree" label={words.label} testId="parts">
            <table class="grid parts-grid">
              <thead>
                <tr>
                  <th scope="col">{words.part}</th>
                  <th scope="col">{words.type}</th>
                  <th scope="col">{words.name}</th>
                  <th scope="col">{words.encoding}</th>
                  <th scope="col" class="number">
                    {words.size}
                  </th>
                  <th scope="col">
                    <span class="hidden">{words.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <Growing
                  items={rows}
                  of={id}
                  end={mark => (
                    <tr ref={mark}>
                      <td colSpan={6}>…</td>
                    </tr>
                  )}
                >
                  {row => <PartLine key={row.key} id={id} row={row} />}
                </Growing>
              </tbody>
            </table>
          </ScrollRegion>
          {at?.id === message.id && <PartLook id={id} row={at.row} />}
        </>
      )}
    </LoadedView>
  )
}
