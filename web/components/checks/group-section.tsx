import type {
  CheckGroup,
  CompatibilityData,
  Finding,
  MessageDetail,
  Severity,
} from '../../../server/http/resources.ts'
import { laterStrings } from '../../strings-later.ts'
import { Icon } from '../icon.tsx'
import { FieldView } from './field-view.tsx'
import { FindingView } from './finding-view.tsx'

/** Findings of the chosen kind; of a family of mail clients those that concern it. */
export const passing = (
  findings: readonly Finding[],
  severity: Severity | null,
  family: string,
): readonly Finding[] =>
  findings.filter(
    finding =>
      (severity === null || finding.severity === severity) &&
      (family === '' || finding.clients?.some(({ client }) => client.startsWith(`${family}.`))),
  )

const DataNote = ({ data }: { data: CompatibilityData }) => {
  const words = laterStrings.checks
  return (
    <div class="check-data">
      <p>
        {words.data(data.date, data.features)}{' '}
        <a href={data.source} target="_blank" rel="noopener noreferrer">
          {data.source.replace(/^https?:\/\/(?:www\.)?/, '')}
        </a>
      </p>
      {data.unmapped.length > 0 && (
        <details>
          <summary>{words.unmapped(data.unmapped.length)}</summary>
          <ul>
            {data.unmapped.map(({ feature, reason }) => (
              <li key={feature}>
                <code>{feature}</code>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** One kind of check: what it found, or that it found nothing, and what it looked at. */
export const GroupSection = ({
  group,
  severity,
  family,
  message,
}: {
  group: CheckGroup
  severity: Severity | null
  family: string
  message: MessageDetail
}) => {
  const words = laterStrings.checks
  const found = passing(group.findings, severity, family)
  const worst = group.findings[0]?.severity
  const isClean = group.state === 'done' && group.findings.length === 0
  const id = `check-${group.group}`
  return (
    <section class="check-group" aria-labelledby={id} data-testid={id}>
      <h3 id={id}>
        <span class={`check-mark check-${isClean ? 'ok' : (worst ?? 'failed')}`}>
          <Icon name={isClean ? 'check' : worst === 'info' ? 'minus' : 'triangleAlert'} />
        </span>
        {group.title}
        {found.length > 0 && <span class="tab-count">{found.length}</span>}
        {group.state !== 'done' && (
          <span class="chip chip-warn" data-testid="check-state">
            {words.states[group.state]}
          </span>
        )}
      </h3>
      {group.reason && <p class="check-reason">{group.reason}</p>}
      {found.length > 0 ? (
        <ul class="findings">
          {found.map(finding => (
            <FindingView
              key={`${finding.check} ${finding.title}`}
              finding={finding}
              family={family}
              message={message}
              {...(group.data ? { data: group.data } : {})}
            />
          ))}
        </ul>
      ) : (
        group.state !== 'failed' && <p class="quiet">{words.nothing}</p>
      )}
      {group.fields?.map((field, at) => (
        <FieldView key={at} field={field} message={message} />
      ))}
      {group.looked.length > 0 && (
        <p class="quiet check-looked">
          {words.looked}: {group.looked.join('; ')}.
        </p>
      )}
      {group.data && <DataNote data={group.data} />}
    </section>
  )
}
