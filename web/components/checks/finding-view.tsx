import { useState } from 'preact/hooks'
import type {
  CompatibilityData,
  Finding,
  MessageDetail,
  Place,
} from '../../../server/http/resources.ts'
import { lineOf, showLine } from '../../checks.ts'
import { laterStrings } from '../../strings-later.ts'
import { ShownText } from '../shown-text.tsx'
import { ClientList } from './client-list.tsx'

/** Where it stands: a button, where the source can show it. */
export const LineButton = ({ place, message }: { place: Place; message: MessageDetail }) => {
  const words = laterStrings.checks
  const wanted = lineOf(place, message.html)
  const line = wanted?.line ?? place.line ?? place.sourceLine
  if (line === undefined) return null
  if (!wanted) return <span class="place-line">{words.line(line)}</span>
  return (
    <button
      type="button"
      class="place-line"
      title={words.show(line)}
      aria-label={words.show(line)}
      data-testid="show-line"
      onClick={() => showLine({ id: message.id, ...wanted })}
    >
      {words.line(line)}
    </button>
  )
}

const PlaceView = ({ place, message }: { place: Place; message: MessageDetail }) => (
  <li class="place">
    <LineButton place={place} message={message} />
    {place.part !== undefined && place.line === undefined && (
      <span class="place-line">{laterStrings.checks.part(place.part)}</span>
    )}
    <code>
      {place.header && <b>{place.header}: </b>}
      <ShownText text={place.excerpt ?? ''} />
    </code>
  </li>
)

/** The families that lack it, for the line. */
const FamilyChips = ({ finding, data }: { finding: Finding; data: CompatibilityData }) => {
  const lacking = new Set(finding.clients?.map(({ client }) => client.split('.')[0]))
  const names = data.families.filter(({ id }) => lacking.has(id)).map(({ name }) => name)
  const most = 3
  return (
    <span class="finding-clients">
      {names.slice(0, most).join(', ')}
      {names.length > most && ` +${names.length - most}`}
    </span>
  )
}

/** One thing that was found: a line, that opens. */
export const FindingView = ({
  finding,
  family,
  data,
  message,
}: {
  finding: Finding
  family: string
  data?: CompatibilityData
  message: MessageDetail
}) => {
  const words = laterStrings.checks
  const [isOpen, setOpen] = useState(false)
  const { severity, title, count, where } = finding
  const rest = count - where.length
  return (
    <li>
      <details
        class="finding"
        data-testid="finding"
        data-check={finding.check}
        open={isOpen}
        onToggle={event => setOpen(event.currentTarget.open)}
      >
        <summary>
          <span class={`check-dot check-${severity}`} />
          <span class="hidden">{words.severity[severity]}: </span>
          <span class="finding-title">{title}</span>
          {data && <FamilyChips finding={finding} data={data} />}
          {count > 1 && <span class="tab-count">{words.times(count)}</span>}
        </summary>
        {isOpen && (
          <div class="finding-more">
            <dl>
              <dt>{words.why}</dt>
              <dd>{finding.why}</dd>
              <dt>{words.fix}</dt>
              <dd>
                {finding.fix}{' '}
                {finding.url && (
                  <a href={finding.url} target="_blank" rel="noopener noreferrer">
                    {words.read}
                  </a>
                )}
              </dd>
              {where.length > 0 && (
                <>
                  <dt>{words.where(count)}</dt>
                  <dd>
                    <ul class="places">
                      {where.map((place, at) => (
                        <PlaceView key={at} place={place} message={message} />
                      ))}
                      {rest > 0 && <li class="quiet">{words.more(rest)}</li>}
                    </ul>
                  </dd>
                </>
              )}
              {data && finding.clients && (
                <>
                  <dt>{words.clients}</dt>
                  <dd>
                    <ClientList finding={finding} data={data} family={family} />
                  </dd>
                </>
              )}
            </dl>
          </div>
        )}
      </details>
    </li>
  )
}
