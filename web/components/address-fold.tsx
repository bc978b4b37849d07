import { useState } from 'preact/hooks'
import type { Address } from '../../server/http/resources.ts'
import { laterStrings } from '../strings-later.ts'
import { ShownText } from './shown-text.tsx'

/** So many are shown before the rest is folded away, and at most so many when it is opened. */
const few = 3
const many = 500

/** A list of people, folded after three. `none` stands where there is nobody. */
export const AddressFold = ({
  addresses,
  none,
}: {
  addresses: readonly Address[]
  none: string
}) => {
  const [opened, setOpened] = useState<readonly Address[] | null>(null)
  if (addresses.length === 0) return <span class="address">{none}</span>
  const isOpen = opened === addresses
  const shown = addresses.slice(0, isOpen ? many : few)
  const rest = addresses.length - shown.length
  const words = laterStrings.opened
  return (
    <span class="addresses">
      {shown.map(({ name, address }, at) => (
        <span class="address" key={at}>
          {name && name !== address && (
            <b>
              <ShownText text={name} />
            </b>
          )}
          <ShownText text={name && name !== address ? `<${address}>` : address} />
        </span>
      ))}
      {rest > 0 && !isOpen && (
        <button
          type="button"
          class="fold"
          aria-label={words.showMore(rest)}
          onClick={() => setOpened(addresses)}
        >
          {words.more(rest)}
        </button>
      )}
      {rest > 0 && isOpen && <span class="address">{words.andMore(rest)}</span>}
    </span>
  )
}
