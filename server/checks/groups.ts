/** The kinds of checks, in the order in which they are run and shown. */
export const groups = [
  { group: 'headers', title: 'Headers and lines' },
  { group: 'authentication', title: 'DKIM, SPF and ARC' },
  { group: 'unsubscribe', title: 'Unsubscribing' },
  { group: 'weight', title: 'Weight' },
  { group: 'text', title: 'Text part' },
  { group: 'links', title: 'Links' },
  { group: 'images', title: 'Images' },
  { group: 'accessibility', title: 'Accessibility' },
  { group: 'compatibility', title: 'Mail clients' },
] as const

export type GroupId = (typeof groups)[number]['group']
