import type { Address, Code, Link } from '../http/resources.ts'
import { chooseCode, chooseLink, type Wanted } from '../mime/extract/choose.ts'
import { AmbiguityError, NotInMailError } from './errors.ts'
import { isFound, type Pattern } from './match.ts'
import { listed, nameOf, quoted, shown } from './words.ts'

/** What is known of a mail, wherever it is asked. */
export type Extracted = {
  readonly id: number
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly subject: string
  readonly text: string
  readonly codes: readonly Code[]
  readonly links: readonly Link[]
}

/** Which link: one whose text (or else whose address) has this, or what it is for. */
export type WantedLink = Pattern | { readonly text?: Pattern; readonly kind?: Link['kind'] }

/** The one-time code that is meant. */
export function codeOf(mail: Extracted): string {
  const { only, candidates } = chooseCode(mail.codes)
  if (only) return only.value
  if (candidates.length === 0) {
    const says = mail.text.trim() === '' ? 'It has no text.' : `It says: ${shown(mail.text)}`
    throw new NotInMailError(`There is no code in ${nameOf(mail)}. ${says}`)
  }
  const lines = candidates.map(({ value, context }) => `${value}   in: ${shown(context)}`)
  throw new AmbiguityError(
    `${candidates.length} codes in ${nameOf(mail)} are as likely:${listed(lines)}`,
    candidates.map(({ value }) => value),
  )
}

/** The address of the link that is wanted. */
export function linkOf(mail: Extracted, wanted: WantedLink = {}): string {
  const { text, kind } =
    typeof wanted === 'string' || wanted instanceof RegExp
      ? { text: wanted, kind: undefined }
      : wanted
  const what: Wanted = {
    ...(text !== undefined && { matches: found => isFound(found, text) }),
    ...(kind !== undefined && { kind }),
  }
  const { only, candidates } = chooseLink(mail.links, what)
  if (only) return only.href
  const asked = `${kind ? `${kind} ` : ''}link${text === undefined ? '' : ` with ${quoted(text)}`}`
  if (candidates.length === 0) {
    const links = mail.links.filter(link => link.kind !== 'image').map(lineOf)
    const there = links.length > 0 ? `It has:${listed(links)}` : 'It has no links at all.'
    throw new NotInMailError(`There is no ${asked} in ${nameOf(mail)}. ${there}`)
  }
  throw new AmbiguityError(
    `There is more than one ${asked} in ${nameOf(mail)}:${listed(candidates.map(lineOf))}`,
    candidates.map(({ href }) => href),
  )
}

const lineOf = ({ text, href, kind }: Link): string => `${quoted(text)} ${href} (${kind})`
