import type { CompatibilityData, Finding } from '../../../server/http/resources.ts'
import { laterStrings } from '../../strings-later.ts'

/** The mail clients that lack something, by family, and what is noted of them. */
export const ClientList = ({
  finding,
  data,
  family,
}: {
  finding: Finding
  data: CompatibilityData
  family: string
}) => {
  const words = laterStrings.checks
  const byId = new Map(finding.clients?.map(each => [each.client, each]))
  const families = data.families
    .filter(({ id }) => family === '' || id === family)
    .map(({ id, name, clients }) => ({
      id,
      name,
      clients: clients.flatMap(client => {
        const lack = byId.get(client.id)
        return lack ? [{ ...lack, name: client.name }] : []
      }),
    }))
    .filter(({ clients }) => clients.length > 0)
  const noted = new Set(families.flatMap(({ clients }) => clients.flatMap(({ notes }) => notes)))
  return (
    <>
      <ul class="client-families">
        {families.map(({ id, name, clients }) => (
          <li key={id}>
            <b>{name}</b>{' '}
            {clients.map((client, at) => (
              <span key={client.client} class={`client-${client.support}`}>
                {at > 0 && ', '}
                {client.name} ({words.support[client.support]})
                {client.notes.length > 0 && <sup>{client.notes.join(' ')}</sup>}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {noted.size > 0 && (
        <ol class="client-notes">
          {Object.entries(finding.notes ?? {})
            .filter(([number]) => noted.has(Number(number)))
            .map(([number, note]) => (
              <li key={number} value={Number(number)}>
                {note}
              </li>
            ))}
        </ol>
      )}
    </>
  )
}
