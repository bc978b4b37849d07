import { formatCount } from '../format.ts'
import type { Filter, Target } from '../links.ts'

/** The tabs that take a mail apart: source, headers, parts, links, SMTP. */
export const source = {
  label: 'Source of the message',
  switch: 'What is shown',
  message: 'Message as sent',
  html: 'HTML, decoded',
  failed: 'The source could not be read',
  start: (size: string) => `The first ${size} are shown.`,
} as const

export const headers = {
  label: 'Headers of the message',
  filter: 'Filter the header fields',
  decoded: 'Decoded',
  raw: 'As sent',
  form: 'How the values are shown',
  count: (shown: number, all: number) =>
    shown === all ? formatCount(all, 'field') : `${shown} of ${formatCount(all, 'field')}`,
  none: 'No field has that in its name or value.',
  notAField: 'no field',
  failed: 'The header could not be read',
} as const

export const smtp = {
  label: 'How the message came',
  envelope: 'Envelope',
  envelopeWhy: 'What SMTP said, apart from what the message says of itself.',
  mailFrom: 'MAIL FROM',
  nullPath: '<> (null path)',
  rcptTo: 'RCPT TO',
  noRecipients: 'no recipients',
  connection: 'Connection',
  received: 'Received',
  listener: 'Listener',
  helo: 'HELO',
  peer: 'Peer',
  peerAt: (address: string, port: number) => `${address} port ${port}`,
  tls: 'TLS',
  noTls: 'none',
  user: 'AUTH user',
  noUser: 'none',
  size: 'Size',
  octets: (size: string, octets: string) => `${size} (${octets} octets)`,
  dsn: 'Delivery status notifications',
  ret: 'RET',
  envid: 'ENVID',
  notify: 'NOTIFY',
  orcpt: 'ORCPT',
  notSmtp: 'This message did not come by SMTP.',
} as const

export const parts = {
  label: 'Parts of the message',
  failed: 'The parts could not be read',
  part: 'Part',
  type: 'Type',
  name: 'Name',
  encoding: 'Encoding',
  size: 'Size',
  actions: 'Actions',
  whole: 'message',
  asSent: (size: string) => `${size} as sent`,
  cid: (id: string) => `cid:${id}`,
  look: (part: string) => `Look at part ${part}`,
  downloadPart: (part: string) => `Download part ${part}`,
  preview: (part: string) => `Part ${part}`,
  lookFailed: 'The part could not be read',
  noImage: 'These octets are no picture of that type.',
  cut: (size: string) => `The first ${size} are shown.`,
  tableCut: 'More rows or columns are not shown.',
  noJson: 'This is not valid JSON.',
  onlyDownload: 'This kind of part is not shown here. It can be downloaded.',
  noEvents: 'There is no event in this calendar.',
  method: 'Method',
  nestedHtml: 'HTML of the nested message',
  nestedEmpty: 'This message has neither text nor HTML.',
  view: 'What is shown of the nested message',
  date: 'Date',
  pick: 'Choose a part to look at it.',
} as const

const kinds: Readonly<Record<Target['kind'], string>> = {
  action: 'Action',
  unsubscribe: 'Unsubscribe',
  mailto: 'Mail',
  tel: 'Phone',
  link: 'Link',
  image: 'Image',
  other: 'Leads nowhere',
}

const filters: Readonly<Record<Filter, string>> = {
  all: 'All',
  links: 'Links',
  images: 'Images',
  repeated: 'Repeated',
  insecure: 'Insecure',
}

export const links = {
  label: 'Links of the message',
  none: 'There is no link in this mail.',
  noneOfKind: 'There is none of this kind.',
  filter: 'Which are shown',
  filters,
  text: 'Text',
  target: 'Target',
  kind: 'Kind',
  actions: 'Actions',
  kinds,
  noText: 'no text',
  times: (count: number) => `${count} times`,
  insecure: 'http, not https',
  copy: 'Copy the address',
  open: 'Open in a new tab',
  otherTexts: (count: number) => `and ${formatCount(count, 'other text')}`,
} as const
