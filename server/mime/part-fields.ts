import type { Header } from './header.ts'
import { readParameters, withoutComments } from './parameters.ts'

/** What the header of a part says of its body (RFC 2045, RFC 2183, RFC 3282, RFC 2557, RFC 1864). */
export type PartFields = {
  /** `type/subtype`, in lower case; `text/plain` where the field is missing or broken (RFC 2045 §5.2). */
  readonly type: string
  /** Parameters of Content-Type by lower-case name, decoded (RFC 2231). */
  readonly parameters: ReadonlyMap<string, string>
  /** Content-Transfer-Encoding in lower case, `7bit` where there is none. */
  readonly encoding: string
  /** Content-Disposition in lower case (`inline`, `attachment`), null where there is none. */
  readonly disposition: string | null
  readonly dispositionParameters: ReadonlyMap<string, string>
  /** Content-Type as it stands in the header, unfolded; null where it is missing or broken. */
  readonly typeText: string | null
  /** Content-Disposition likewise. */
  readonly dispositionText: string | null
  /** Content-ID with its angle brackets, null where there is none. */
  readonly id: string | null
  /** Encoded-words as they are: RFC 9051 §7.5.2 wants them so. */
  readonly description: string | null
  readonly language: string | null
  readonly location: string | null
  readonly md5: string | null
}

const TYPE = /^[!#-'*+\-.0-9^_`a-z{|}~]+\/[!#-'*+\-.0-9^_`a-z{|}~]+$/
const TOKEN = /^[!#-'*+\-.0-9^_`a-z{|}~]+$/

/** The fields of a part of which nothing is known. */
export const OPAQUE: PartFields = {
  type: 'application/octet-stream',
  parameters: new Map(),
  encoding: '7bit',
  disposition: null,
  dispositionParameters: new Map(),
  typeText: null,
  dispositionText: null,
  id: null,
  description: null,
  language: null,
  location: null,
  md5: null,
}

export function readPartFields(header: Header, defaultType: string): PartFields {
  const text = (name: string) => header.first(name)?.text
  const typeText = text('content-type')
  const { value, parameters } = readParameters(typeText ?? '')
  const isType = TYPE.test(value)
  const dispositionText = text('content-disposition') ?? ''
  const disposition = readParameters(dispositionText)
  return {
    type: typeText === undefined ? defaultType : isType ? value : 'text/plain',
    parameters,
    encoding: withoutComments(text('content-transfer-encoding') ?? '').toLowerCase() || '7bit',
    disposition: disposition.value || null,
    dispositionParameters: disposition.parameters,
    typeText: typeText !== undefined && isType ? typeText : null,
    dispositionText: TOKEN.test(disposition.value) ? dispositionText : null,
    id: text('content-id') || null,
    description: text('content-description') || null,
    language: text('content-language') || null,
    location: text('content-location') || null,
    md5: text('content-md5') || null,
  }
}
