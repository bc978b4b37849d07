import { useState } from 'preact/hooks'
import type { MessageChecks, MessageDetail, Severity } from '../../../server/http/resources.ts'
import { checks } from '../../checks.ts'
import { laterStrings } from '../../strings-later.ts'
import { LoadedView } from '../loaded-view.tsx'
import { ScrollRegion } from '../scroll-region.tsx'
import { Segments } from '../segments.tsx'
import { GroupSection, passing } from './group-section.tsx'
import '../inspect.css'
import './checks.css'

const severities: readonly Severity[] = ['error', 'warning', 'info']

const Found = ({ found, message }: { found: MessageChecks; message: MessageDetail }) => {
  const words = laterStrings.checks
  const [severity, setSeverity] = useState<Severity | null>(null)
  const [family, setFamily] = useState('')
  const { counts } = found
  const families = found.groups.flatMap(({ data }) => data?.families ?? [])
  const sum = severities.reduce((all, each) => all + counts[each], 0)
  const isFiltered = severity !== null || family !== ''
  const shown = found.groups.filter(
    ({ findings }) => !isFiltered || passing(findings, severity, family).length > 0,
  )
  const choices = [
    { value: null, text: `${words.all} ${sum}` },
    ...severities.map(value => ({ value, text: `${words.severities[value]} ${counts[value]}` })),
  ]
  return (
    <>
      <div class="pane-bar">
        <Segments
          label={words.filter}
          testId="check-severity"
          choices={choices}
          value={severity}
          onChoose={setSeverity}
        />
        {families.length > 0 && (
          <select
            class="check-family"
            aria-label={words.client}
            value={family}
            data-testid="check-family"
            onChange={event => setFamily(event.currentTarget.value)}
          >
            <option value="">{words.allClients}</option>
            {families.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <ScrollRegion class="headers-view checks" label={words.label} testId="checks">
        {sum === 0 && found.state === 'done' && (
          <p class="checks-clean" data-testid="checks-clean">
            {words.nothingAtAll}
          </p>
        )}
        {shown.length === 0 && <p class="nothing-here">{words.nothingOfKind}</p>}
        {shown.map(group => (
          <GroupSection
            key={group.group}
            group={group}
            severity={severity}
            family={family}
            message={message}
          />
        ))}
      </ScrollRegion>
    </>
  )
}

/** What is wrong with the mail, and what mail clients make of it. */
export const ChecksPanel = ({ message }: { message: MessageDetail }) => (
  <LoadedView from={checks} failed={laterStrings.checks.failed}>
    {found => <Found key={found.id} found={found} message={message} />}
  </LoadedView>
)
