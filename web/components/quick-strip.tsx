import { openCodes, openLinks } from '../quick.ts'
import { laterStrings } from '../strings-later.ts'
import { IconLink } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { ShownText } from './shown-text.tsx'

/** What the mail was most likely opened for: its one-time code and its main link. */
export const QuickStrip = () => {
  const codes = openCodes.value
  const links = openLinks.value
  const words = laterStrings.quick
  if (codes.length + links.length === 0) return null
  return (
    <ul class="quick-strip" aria-label={words.label} data-testid="quick-strip">
      {codes.map(({ value, context }) => (
        <li key={value} data-testid="quick-code">
          <span class="quick-word">{words.code}</span>
          <code title={context}>{value}</code>
          <CopyButton text={value} label={words.copyCode(value)} />
        </li>
      ))}
      {links.map(({ href, text }) => (
        <li key={href} data-testid="quick-link">
          <span class="quick-text" title={href}>
            <ShownText text={text || words.link} />
          </span>
          <IconLink
            icon="externalLink"
            label={words.openLink(text || words.link)}
            title={href}
            href={href}
          />
          <CopyButton text={href} label={words.copyLink(text || words.link)} />
        </li>
      ))}
    </ul>
  )
}
