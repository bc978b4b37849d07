import type { ExplainedField, MessageDetail } from '../../../server/http/resources.ts'
import { laterStrings } from '../../strings-later.ts'
import { ShownText } from '../shown-text.tsx'
import { LineButton } from './finding-view.tsx'

/** A header field of a signature, taken apart. */
export const FieldView = ({
  field,
  message,
}: {
  field: ExplainedField
  message: MessageDetail
}) => {
  const words = laterStrings.checks
  const { header, summary, tags, sourceLine } = field
  return (
    <details class="finding explained" data-testid="explained-field">
      <summary>
        <span class="finding-title">
          <code>{header}</code> <ShownText text={summary} />
        </span>
        <span class="chip">{words.notVerified}</span>
      </summary>
      <div class="finding-more">
        {sourceLine !== undefined && (
          <p>
            <LineButton place={{ header, sourceLine }} message={message} />
          </p>
        )}
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{words.tag}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.means}</th>
            </tr>
          </thead>
          <tbody>
            {tags.map(({ tag, value, means }, at) => (
              <tr key={at}>
                <th scope="row">
                  <code>{tag}</code>
                </th>
                <td class="tag-value">
                  <ShownText text={value} />
                </td>
                <td>{means}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
