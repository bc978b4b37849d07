import { formatCount } from '../format.ts'
import type { Tab } from '../route.ts'
import { tabs } from './tabs.ts'

/** An open message: its header, its tabs, its HTML and text. */
export const opened = {
  gone: 'This message was deleted.',
  next: 'Next message',
  previous: 'Previous message',
  back: 'Back to the list',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  downloadEml: 'Download as .eml',
  delete: 'Delete',
  noSubject: 'No subject',
  from: 'From',
  to: 'To',
  cc: 'Cc',
  bcc: 'Bcc',
  replyTo: 'Reply to',
  nobody: '(nobody)',
  showMore: (count: number) => `Show ${count} more`,
  more: (count: number) => `+${count}`,
  andMore: (count: number) => `and ${count} more`,
  attachments: 'Attachments',
  part: (number: string) => `Part ${number}`,
  warnings: (count: number) => `${formatCount(count, 'warning')} about this mail`,
  tabList: 'Views of the message',
  noPart: (tab: Tab) => `This mail has no ${tabs[tab]} part`,
  notParsed: 'This mail could not be parsed. Its source and headers are shown as they came.',
  parsing: 'This mail is still being parsed…',
  noHtml: 'This mail has no HTML part.',
  noText: 'This mail has no text part.',
  textLabel: 'Text of the message',
  showAll: (size: string) => `Show all (${size})`,
  reading: 'Reading…',
} as const

/** The strip under the header: what a mail was most likely opened for. */
export const quick = {
  label: 'Found in this mail',
  code: 'Code',
  copyCode: (code: string) => `Copy the code ${code}`,
  codeCopied: (code: string) => `Code ${code} copied`,
  noCode: 'No code was found in this mail',
  link: 'Link',
  openLink: (text: string) => `Open “${text}” in a new tab`,
  copyLink: (text: string) => `Copy the address of “${text}”`,
  noLink: 'No main link was found in this mail',
} as const
