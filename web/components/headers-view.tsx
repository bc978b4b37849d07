import { useMemo, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { headerForm, rawHeader } from '../headers.ts'
import { laterStrings } from '../strings-later.ts'
import { Growing } from './growing.tsx'
import { LoadedView } from './loaded-view.tsx'
import { LongText } from './long-text.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { Segments } from './segments.tsx'
import './inspect.css'

type Field = { readonly name: string; readonly value: string }

const Fields = ({
  fields,
  filter,
  of,
  isRaw,
}: {
  fields: readonly Field[]
  filter: string
  of: string
  isRaw: boolean
}) => {
  const words = laterStrings.headers
  const found = useMemo(() => {
    const wanted = filter.trim().toLowerCase()
    if (wanted === '') return fields
    return fields.filter(({ name, value }) => `${name}: ${value}`.toLowerCase().includes(wanted))
  }, [fields, filter])
  return (
    <>
      <p class="quiet" data-testid="header-count">
        {words.count(found.length, fields.length)}
      </p>
      {found.length === 0 && fields.length > 0 ? (
        <p class="nothing-here">{words.none}</p>
      ) : (
        <table class="headers" data-raw={isRaw}>
          <tbody>
            <Growing
              items={found}
              of={`${of} ${filter}`}
              end={mark => (
                <tr ref={mark}>
                  <td colSpan={2}>…</td>
                </tr>
              )}
            >
              {({ name, value }, at) => (
                <tr key={at}>
                  <th scope="row">{name || <i>{words.notAField}</i>}</th>
                  <td>
                    <LongText text={value} />
                  </td>
                </tr>
              )}
            </Growing>
          </tbody>
        </table>
      )}
    </>
  )
}

/** Every header field in its order: decoded for reading, or as it was sent. */
export const HeadersView = ({ message }: { message: MessageDetail }) => {
  const [filter, setFilter] = useState('')
  const words = laterStrings.headers
  const form = headerForm.value
  return (
    <>
      <div class="pane-bar">
        <input
          class="filter"
          type="search"
          placeholder={words.filter}
          aria-label={words.filter}
          value={filter}
          data-testid="header-filter"
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
        <Segments
          label={words.form}
          testId="header-form"
          choices={[
            { value: 'decoded', text: words.decoded },
            { value: 'raw', text: words.raw },
          ]}
          value={form}
          onChoose={value => {
            headerForm.value = value
          }}
        />
      </div>
      <ScrollRegion class="headers-view" label={words.label} testId="headers">
        {form === 'decoded' ? (
          <Fields fields={message.headers} filter={filter} of={`${message.id}`} isRaw={false} />
        ) : (
          <LoadedView from={rawHeader} failed={words.failed}>
            {fields => <Fields fields={fields} filter={filter} of={`${message.id} raw`} isRaw />}
          </LoadedView>
        )}
      </ScrollRegion>
    </>
  )
}
