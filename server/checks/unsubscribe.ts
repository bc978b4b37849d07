import { excerpt } from '../mime/excerpt.ts'
import type { Field } from '../mime/header.ts'
import { type Check, counted } from './check.ts'
import type { Rule } from './findings.ts'
import { hostOf } from './hosts.ts'
import { signedFields } from './signature.ts'

/** List-Unsubscribe by RFC 2369, and one click by RFC 8058. */
export const unsubscribe: Check = {
  group: 'unsubscribe',
  run(mail, findings) {
    const { header } = mail
    const [field, ...others] = header.all('list-unsubscribe')
    const [post, ...otherPosts] = header.all('list-unsubscribe-post')
    const add = (rule: Rule, at: Field | undefined) =>
      findings.add(rule, at && (() => mail.placeOf(at)))
    const looked = ['List-Unsubscribe and List-Unsubscribe-Post']
    if (!field) {
      if (post) add(POST_ALONE, post)
      else if (isBulk(header.fields)) add(MISSING, undefined)
      return { looked }
    }
    if (others.length > 0) add(TWICE, others[0])
    const addresses = addressesOf(field.text)
    if (addresses.length === 0) add(MALFORMED, field)
    const isSecure = addresses.some(address => /^https:/i.test(address) && hostOf(address) !== null)
    for (const address of addresses) {
      if (/^http:/i.test(address)) add(INSECURE, field)
      else if (/^https:/i.test(address) && hostOf(address) === null) add(BROKEN, field)
      else if (!/^(?:mailto|https?):/i.test(address)) add(STRANGE, field)
    }
    if (!post) add(NO_ONE_CLICK, field)
    else {
      if (otherPosts.length > 0) add(TWICE, otherPosts[0])
      if (post.text.trim() !== 'List-Unsubscribe=One-Click') add(BAD_POST, post)
      if (!isSecure) add(POST_NO_HTTPS, field)
      const signed = signedFields(header)
      const isSigned = signed.some(
        names => names.has('list-unsubscribe') && names.has('list-unsubscribe-post'),
      )
      if (!isSigned) add(signed.length === 0 ? UNSIGNED : NOT_SIGNED, post)
    }
    return {
      looked: [
        ...looked,
        `${counted(addresses.length, 'way')}: ${excerpt(addresses.join(', '), 200)}`,
      ],
    }
  },
}

/**
 * The URLs in angle brackets, white space in them ignored (RFC 2369 §2); what follows something that is none is ignored
 * with it.
 */
export function addressesOf(text: string): readonly string[] {
  const addresses: string[] = []
  let rest = text
  while (addresses.length < 100) {
    rest = rest.replace(/^\s*(?:\([^()]{0,1000}\)\s*)*/, '')
    if (!rest.startsWith('<')) break
    const end = rest.indexOf('>')
    if (end === -1) break
    addresses.push(rest.slice(1, end).replace(/\s+/g, ''))
    rest = rest.slice(end + 1).replace(/^\s*(?:\([^()]{0,1000}\)\s*)*/, '')
    if (!rest.startsWith(',')) break
    rest = rest.slice(1)
  }
  return addresses
}

/** What says of itself that it goes to many. */
function isBulk(fields: readonly Field[]): boolean {
  return fields.some(
    ({ name, text }) =>
      /^(?:list-id|list-post|feedback-id|x-campaign(?:-?id)?|x-mailer-recptid)$/i.test(name) ||
      (/^precedence$/i.test(name) && /^\s*(?:bulk|list)\s*$/i.test(text)),
  )
}

const MISSING: Rule = {
  check: 'unsubscribe.missing',
  severity: 'warning',
  title: 'A mail to many, and no List-Unsubscribe',
  why: 'The header says that this goes to a list. Without List-Unsubscribe (RFC 2369 §3.2) clients offer no way off it but “report spam”; large providers ask senders of bulk mail for it.',
  fix: 'Add List-Unsubscribe with an https: and a mailto: address, and List-Unsubscribe-Post.',
}
const TWICE: Rule = {
  check: 'unsubscribe.duplicate',
  severity: 'error',
  title: 'The field stands more than once',
  why: 'A message may have one of each at most (RFC 2369 §3, RFC 8058); which one holds is anybody’s guess.',
  fix: 'Send one field, with all addresses in it, divided by commas.',
}
const MALFORMED: Rule = {
  check: 'unsubscribe.malformed',
  severity: 'error',
  title: 'List-Unsubscribe has no address in angle brackets',
  why: 'A field that begins with anything but < is ignored (RFC 2369 §2).',
  fix: 'Write <https://…>, <mailto:…>.',
}
const INSECURE: Rule = {
  check: 'unsubscribe.insecure',
  severity: 'warning',
  title: 'An address in List-Unsubscribe is by http:',
  why: 'It cannot be used for one click (RFC 8058), and whoever is on the way sees the token in it.',
  fix: 'Use https:.',
}
const BROKEN: Rule = {
  check: 'unsubscribe.broken',
  severity: 'error',
  title: 'An address in List-Unsubscribe cannot be read',
  why: 'No client can open it.',
  fix: 'Write it as a URL.',
}
const STRANGE: Rule = {
  check: 'unsubscribe.scheme',
  severity: 'warning',
  title: 'An address in List-Unsubscribe is neither https: nor mailto:',
  why: 'Clients know only these two.',
  fix: 'Use https: and mailto:.',
}
const NO_ONE_CLICK: Rule = {
  check: 'unsubscribe.no-one-click',
  severity: 'info',
  title: 'No unsubscribing with one click',
  why: 'Without List-Unsubscribe-Post (RFC 8058) a client has to send a mail or open a page; large providers ask senders of bulk mail for it.',
  fix: 'Add List-Unsubscribe-Post: List-Unsubscribe=One-Click, and let the https: address take a POST.',
}
const POST_ALONE: Rule = {
  check: 'unsubscribe.post-alone',
  severity: 'error',
  title: 'List-Unsubscribe-Post without List-Unsubscribe',
  why: 'It only says how the address in List-Unsubscribe may be used (RFC 8058).',
  fix: 'Add List-Unsubscribe with an https: address.',
}
const BAD_POST: Rule = {
  check: 'unsubscribe.bad-post',
  severity: 'error',
  title: 'List-Unsubscribe-Post has another value than it must',
  why: 'It has to be exactly List-Unsubscribe=One-Click (RFC 8058).',
  fix: 'Write List-Unsubscribe-Post: List-Unsubscribe=One-Click.',
}
const POST_NO_HTTPS: Rule = {
  check: 'unsubscribe.no-https',
  severity: 'error',
  title: 'One click is promised, but there is no https: address',
  why: 'The POST goes to the https: address in List-Unsubscribe (RFC 8058); there is none.',
  fix: 'Add an https: address to List-Unsubscribe.',
}
const UNSIGNED: Rule = {
  check: 'unsubscribe.unsigned',
  severity: 'info',
  title: 'One click needs a DKIM signature',
  why: 'Both fields have to be covered by a valid signature (RFC 8058). This mail has none; perhaps a server further on signs it.',
  fix: 'See to it that the server that sends it signs List-Unsubscribe and List-Unsubscribe-Post.',
}
const NOT_SIGNED: Rule = {
  check: 'unsubscribe.not-signed',
  severity: 'error',
  title: 'No DKIM signature covers the fields of one click',
  why: 'Both fields have to be covered by a valid signature (RFC 8058), and no h= names both.',
  fix: 'Have List-Unsubscribe and List-Unsubscribe-Post signed.',
}
