import { useState } from 'preact/hooks'
import type { Address } from '../../server/http/resources.ts'

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
  const [isOpen, setOpen] = useState(false)
  if (addresses.length === 0) return <span class="address">{none}</span>
  const shown = addresses.slice(0, isOpen ? many : few)
  const rest = addresses.length - shown.length
  return (
    <span class="addresses">
      {shown.map(({ name, address }, at) => (
        <span class="address" key={at}>
          {name && name !== address && <b>{name}</b>}
          <span>{name && name !== address ? `<${address}>` : address}</span>
        </span>
      ))}
      {rest > 0 && !isOpen && (
        <button
          type="button"
          class="fold"
          aria-label={`Show ${rest} more`}
          onClick={() => setOpen(true)}
        >
          +{rest}
        </button>
      )}
      {rest > 0 && isOpen && <span class="address">and {rest} more</span>}
    </span>
  )
}
