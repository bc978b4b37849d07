/** What the server says that it can do, and who learns it when (RFC 9051 §6.1.1, §7.2.2). */

type When = 'always' | 'before-login' | 'after-login'
type Capability = { readonly name: string; readonly rfc: string; readonly when: When }

/** In the order that real clients profit from them. AUTH=, STARTTLS, COMPRESS and APPENDLIMIT depend on more: below. */
export const CAPABILITIES: readonly Capability[] = [
  { name: 'IMAP4rev1', rfc: 'RFC 3501', when: 'always' },
  { name: 'IMAP4rev2', rfc: 'RFC 9051', when: 'always' },
  { name: 'IDLE', rfc: 'RFC 2177', when: 'always' },
  { name: 'LITERAL+', rfc: 'RFC 7888', when: 'always' },
  { name: 'UIDPLUS', rfc: 'RFC 4315', when: 'after-login' },
  { name: 'NAMESPACE', rfc: 'RFC 2342', when: 'after-login' },
  { name: 'SPECIAL-USE', rfc: 'RFC 6154', when: 'after-login' },
  { name: 'UNSELECT', rfc: 'RFC 3691', when: 'after-login' },
  { name: 'MOVE', rfc: 'RFC 6851', when: 'after-login' },
  { name: 'ENABLE', rfc: 'RFC 5161', when: 'always' },
  { name: 'ID', rfc: 'RFC 2971', when: 'always' },
  { name: 'SASL-IR', rfc: 'RFC 4959', when: 'before-login' },
  { name: 'ESEARCH', rfc: 'RFC 4731', when: 'after-login' },
  { name: 'SEARCHRES', rfc: 'RFC 5182', when: 'after-login' },
  { name: 'LIST-EXTENDED', rfc: 'RFC 5258', when: 'after-login' },
  { name: 'LIST-STATUS', rfc: 'RFC 5819', when: 'after-login' },
  { name: 'STATUS=SIZE', rfc: 'RFC 8438', when: 'after-login' },
  { name: 'CONDSTORE', rfc: 'RFC 7162', when: 'after-login' },
  { name: 'QRESYNC', rfc: 'RFC 7162', when: 'after-login' },
  { name: 'SORT', rfc: 'RFC 5256', when: 'after-login' },
  { name: 'SORT=DISPLAY', rfc: 'RFC 5957', when: 'after-login' },
  { name: 'THREAD=ORDEREDSUBJECT', rfc: 'RFC 5256', when: 'after-login' },
  { name: 'THREAD=REFERENCES', rfc: 'RFC 5256', when: 'after-login' },
  { name: 'BINARY', rfc: 'RFC 3516', when: 'after-login' },
  { name: 'MULTIAPPEND', rfc: 'RFC 3502', when: 'after-login' },
  { name: 'CHILDREN', rfc: 'RFC 3348', when: 'after-login' },
  { name: 'WITHIN', rfc: 'RFC 5032', when: 'after-login' },
  { name: 'UTF8=ACCEPT', rfc: 'RFC 6855', when: 'after-login' },
  { name: 'CREATE-SPECIAL-USE', rfc: 'RFC 6154', when: 'after-login' },
  { name: 'PREVIEW', rfc: 'RFC 8970', when: 'after-login' },
  { name: 'OBJECTID', rfc: 'RFC 8474', when: 'after-login' },
  { name: 'SAVEDATE', rfc: 'RFC 8514', when: 'after-login' },
]

/** What the list of a connection depends on. */
export type CapabilityState = {
  readonly isAuthenticated: boolean
  /** The connection is plain, and TLS is to be had. */
  readonly canStartTls: boolean
  /** RFC 4978 is in use already, so that it is not offered a second time. */
  readonly isCompressed: boolean
  /** SASL mechanisms that may be used now, in order. */
  readonly mechanisms: readonly string[]
  /** Octets of a message (RFC 7889). */
  readonly appendLimit: number
}

/** What CAPABILITY, the greeting and the answer to a login list, in order. */
export function capabilitiesOf(state: CapabilityState): readonly string[] {
  const hidden: When = state.isAuthenticated ? 'before-login' : 'after-login'
  const names = CAPABILITIES.filter(({ when }) => when !== hidden).map(({ name }) => name)
  if (state.isAuthenticated) {
    names.push(`APPENDLIMIT=${state.appendLimit}`)
    if (!state.isCompressed) names.push('COMPRESS=DEFLATE')
    return names
  }
  if (state.canStartTls) names.push('STARTTLS')
  return [...names, ...state.mechanisms.map(mechanism => `AUTH=${mechanism}`)]
}
