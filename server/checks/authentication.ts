import { readAddressList } from '../mime/address-list.ts'
import { excerpt } from '../mime/excerpt.ts'
import type { Field } from '../mime/header.ts'
import { type Check, counted } from './check.ts'
import type { Findings, Rule } from './findings.ts'
import type { CheckedMail } from './mail.ts'
import type { ExplainedField } from './report.ts'
import { readTags } from './signature.ts'
import { lineOf } from './source-lines.ts'

/** Fields that are explained of one mail. */
const MOST = 30

/**
 * DKIM (RFC 6376), SPF (RFC 7208), ARC (RFC 8617) and Authentication-Results (RFC 8601), taken apart. Nothing is
 * verified: that would take the DNS, and nothing here connects out.
 */
export const authentication: Check = {
  group: 'authentication',
  run(mail, findings) {
    const { header } = mail
    const signatures = header.all('dkim-signature')
    for (const field of signatures.slice(0, MOST)) lookSignature(mail, field, findings)
    lookChain(mail, findings)
    const told = header.fields.filter(({ name }) => EXPLAINERS.has(name.toLowerCase()))
    return {
      looked: [
        `${counted(signatures.length, 'DKIM signature')}, ${counted(header.all('arc-seal').length, 'ARC seal')}, ${counted(header.all('received-spf').length, 'SPF result')}`,
        'Not verified: that needs the DNS, and nothing here connects out',
      ],
      fields: told.slice(0, MOST).map(field => explain(mail, field)),
      ...(told.length > MOST ? { partly: `Only ${MOST} fields are explained.` } : {}),
    }
  },
}

const REQUIRED = ['v', 'a', 'b', 'bh', 'd', 'h', 's']

/** RFC 6376 §3.5. */
function lookSignature(mail: CheckedMail, field: Field, findings: Findings): void {
  const add = (rule: Rule) => findings.add(rule, () => mail.placeOf(field))
  const pairs = readTags(field.text)
  const tags = new Map(pairs)
  const missing = REQUIRED.filter(tag => !tags.get(tag))
  if (missing.length > 0) add(INCOMPLETE(missing))
  if (pairs.length > tags.size) add(TAG_TWICE)
  const signed = (tags.get('h') ?? '').split(':').map(name => name.trim().toLowerCase())
  if (tags.get('h') && !signed.includes('from')) add(FROM_UNSIGNED)
  if (tags.has('l')) add(LENGTH)
  if (/sha1$/i.test(tags.get('a') ?? '')) add(SHA1)
  const domain = (tags.get('d') ?? '').toLowerCase()
  const agent = (tags.get('i') ?? '').toLowerCase().split('@').at(-1) ?? ''
  if (domain && agent && agent !== domain && !agent.endsWith(`.${domain}`)) add(FOREIGN_AGENT)
  const [time, expiry] = [Number(tags.get('t')), Number(tags.get('x'))]
  if (tags.has('x') && tags.has('t') && !(expiry > time)) add(EXPIRES_EARLY)
  const from = readAddressList(mail.header.first('from')?.text ?? '')[0]?.address ?? ''
  const host = from.slice(from.lastIndexOf('@') + 1).toLowerCase()
  if (domain && host && !isAligned(host, domain)) add(OTHER_DOMAIN(domain, host))
}

/** One is the other or below it. The organisational domain needs a list of public suffixes, which is not here. */
const isAligned = (a: string, b: string): boolean =>
  a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`)

/** RFC 8617: each instance has three fields, numbered from 1 without a gap. */
function lookChain({ header, ...mail }: CheckedMail, findings: Findings): void {
  const numbers = ARC.map(name =>
    header.all(name).map(({ text }) => Number(/(?:^|;)\s*i\s*=\s*(\d{1,3})/i.exec(text)?.[1] ?? 0)),
  )
  const [first = []] = numbers
  if (numbers.every(each => each.length === 0)) return
  const expected = first.map((_, index) => index + 1).join()
  const isWhole = numbers.every(each => each.toSorted((a, b) => a - b).join() === expected)
  const field = ARC.map(name => header.first(name)).find(found => found !== undefined)
  if (!isWhole || first.length > 50)
    findings.add(BROKEN_CHAIN, field && (() => mail.placeOf(field)))
}

const ARC = ['arc-authentication-results', 'arc-message-signature', 'arc-seal']

/** What each tag says. */
const TAGS: ReadonlyMap<string, string> = new Map([
  ['v', 'version'],
  ['a', 'algorithm of the signature'],
  ['b', 'the signature'],
  ['bh', 'hash of the body'],
  ['c', 'how header and body are made canonical before they are signed'],
  ['d', 'domain that takes responsibility'],
  ['h', 'fields that are signed'],
  ['i', 'agent or user on whose behalf'],
  ['l', 'octets of the body that are signed'],
  ['q', 'how the key is found'],
  ['s', 'selector: the key is in the DNS at s._domainkey.d'],
  ['t', 'when it was signed'],
  ['x', 'when it expires'],
  ['z', 'copies of the fields as they were'],
])
const ARC_TAGS: ReadonlyMap<string, string> = new Map([
  ...TAGS,
  ['i', 'instance: the number of the hop, from 1'],
  ['cv', 'whether the chain up to here held'],
])
const SPF_TAGS: ReadonlyMap<string, string> = new Map([
  ['client-ip', 'who sent it'],
  ['envelope-from', 'MAIL FROM'],
  ['helo', 'name given to HELO'],
  ['identity', 'what was looked at'],
  ['mechanism', 'what in the record matched'],
  ['problem', 'what went wrong'],
  ['receiver', 'who looked'],
])

type Explained = Pick<ExplainedField, 'summary' | 'tags'>

/** Values of the tags, for people: times as dates, long signatures cut. */
function taken(
  pairs: readonly (readonly [string, string])[],
  names: ReadonlyMap<string, string>,
): ExplainedField['tags'] {
  return pairs.slice(0, 40).map(([tag, value]) => ({
    tag,
    value:
      (tag === 't' || tag === 'x') && /^\d{1,11}$/.test(value)
        ? `${value} (${new Date(Number(value) * 1000).toISOString()})`
        : excerpt(value.replace(/\s+/g, ' '), 300),
    means: names.get(tag.toLowerCase()) ?? 'not known here',
  }))
}

const EXPLAINERS: ReadonlyMap<string, (text: string) => Explained> = new Map([
  [
    'dkim-signature',
    text => {
      const pairs = readTags(text)
      const tags = new Map(pairs)
      return {
        summary: `${tags.get('d') || 'Nobody'} says that it signed this mail${tags.get('h') ? ` and ${counted((tags.get('h') ?? '').split(':').length, 'header field')}` : ''}.`,
        tags: taken(pairs, TAGS),
      }
    },
  ],
  [
    'arc-seal',
    text => {
      const tags = new Map(readTags(text))
      return {
        summary: `${tags.get('d') || 'Somebody'} says that it handled this mail as hop ${tags.get('i') || '?'}, and that the chain before it was “${tags.get('cv') || '?'}”.`,
        tags: taken(readTags(text), ARC_TAGS),
      }
    },
  ],
  [
    'arc-message-signature',
    text => ({
      summary: 'A signature of the mail as it was at this hop.',
      tags: taken(readTags(text), ARC_TAGS),
    }),
  ],
  [
    'arc-authentication-results',
    text => ({
      summary: 'What this hop says that it found when the mail came to it.',
      tags: results(text),
    }),
  ],
  [
    'authentication-results',
    text => ({
      summary:
        'What a server says that it found when the mail came to it. Anybody can write such a field.',
      tags: results(text),
    }),
  ],
  [
    'received-spf',
    text => {
      const [, result = '?', rest = ''] = /^\s*([a-z]+)\s*(.*)$/is.exec(text) ?? []
      const pairs = readTags(rest.replace(/^\([^)]*\)/, ''))
      return {
        summary: `A server says that SPF came to “${result.toLowerCase()}”: ${SPF_RESULTS.get(result.toLowerCase()) ?? 'a result that is not known here'}.`,
        tags: taken(pairs, SPF_TAGS),
      }
    },
  ],
])

const SPF_RESULTS: ReadonlyMap<string, string> = new Map([
  ['pass', 'the domain lets this address send'],
  ['fail', 'the domain does not let this address send'],
  ['softfail', 'the domain probably does not let this address send'],
  ['neutral', 'the domain says nothing about this address'],
  ['none', 'there was no record, or no domain to look up'],
  ['temperror', 'the look-up failed for the time being'],
  ['permerror', 'the record could not be read'],
])

/** `method=result property=value …; …` (RFC 8601), the first piece being who says so. */
function results(text: string): ExplainedField['tags'] {
  const [server = '', ...rest] = text.split(';', 40)
  const who = { tag: 'server', value: excerpt(server.trim(), 300), means: 'who says so' }
  return [
    who,
    ...rest.flatMap(piece => {
      const [, tag = '', value = ''] = /^\s*([\w-]{1,40})\s*=\s*(.*)$/s.exec(piece) ?? []
      return tag === ''
        ? []
        : [{ tag, value: excerpt(value.replace(/\s+/g, ' ').trim(), 300), means: 'its result' }]
    }),
  ]
}

function explain({ raw }: CheckedMail, field: Field): ExplainedField {
  const explainer = EXPLAINERS.get(field.name.toLowerCase())
  const { summary, tags } = explainer?.(field.text) ?? { summary: '', tags: [] }
  return {
    header: field.name,
    summary,
    sourceLine: lineOf(raw, field.start),
    verified: false,
    tags,
  }
}

const INCOMPLETE = (missing: readonly string[]): Rule => ({
  check: 'authentication.dkim-incomplete',
  severity: 'error',
  title: `A DKIM signature lacks ${missing.map(tag => `${tag}=`).join(', ')}`,
  why: 'These tags are required (RFC 6376 §3.5): without them the signature is invalid.',
  fix: 'See to the settings of what signs the mail.',
})
const TAG_TWICE: Rule = {
  check: 'authentication.dkim-duplicate-tag',
  severity: 'error',
  title: 'A DKIM signature has a tag twice',
  why: 'No tag may stand twice; the whole signature is invalid then (RFC 6376 §3.2).',
  fix: 'See to the settings of what signs the mail.',
}
const FROM_UNSIGNED: Rule = {
  check: 'authentication.dkim-from',
  severity: 'error',
  title: 'A DKIM signature does not cover From',
  why: 'From must be signed (RFC 6376 §5.4), or anybody could change it.',
  fix: 'Add from to the fields that are signed.',
}
const LENGTH: Rule = {
  check: 'authentication.dkim-length',
  severity: 'warning',
  title: 'A DKIM signature covers only the beginning of the body',
  why: 'With l= anybody can add to the mail without breaking the signature (RFC 6376 §8.2); some receivers ignore such signatures.',
  fix: 'Sign without l=.',
}
const SHA1: Rule = {
  check: 'authentication.dkim-sha1',
  severity: 'error',
  title: 'A DKIM signature is made with SHA-1',
  why: 'SHA-1 is broken; large receivers treat such a mail as unsigned.',
  fix: 'Sign with rsa-sha256.',
}
const FOREIGN_AGENT: Rule = {
  check: 'authentication.dkim-agent',
  severity: 'error',
  title: 'A DKIM signature’s i= is not in its d=',
  why: 'The domain of i= must be that of d= or below it (RFC 6376 §3.5).',
  fix: 'Leave i= out, or let it match.',
}
const EXPIRES_EARLY: Rule = {
  check: 'authentication.dkim-expiry',
  severity: 'error',
  title: 'A DKIM signature expires before it was made',
  why: 'x= must be later than t= (RFC 6376 §3.5).',
  fix: 'See to the clock of what signs the mail.',
}
const OTHER_DOMAIN = (domain: string, host: string): Rule => ({
  check: 'authentication.dkim-alignment',
  severity: 'warning',
  title: excerpt(`The signature is ${domain}’s, the author is at ${host}`, 300),
  why: 'DMARC counts a signature only where its domain fits that of From.',
  fix: 'Sign with the domain of the From address as well.',
})
const BROKEN_CHAIN: Rule = {
  check: 'authentication.arc-chain',
  severity: 'warning',
  title: 'The ARC chain is not whole',
  why: 'Each hop adds three fields with the same number, from 1 on and without a gap (RFC 8617); otherwise the whole chain counts for nothing.',
  fix: 'Look which hop lost or changed a field.',
}
