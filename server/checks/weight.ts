import { isComment, nodesOf } from '../mime/html-tree.ts'
import { type Check, counted, cutReason } from './check.ts'
import type { Rule } from './findings.ts'
import type { HtmlPart } from './mail.ts'

/** Gmail shows so many octets of HTML, and a link to the rest. */
export const GMAIL_CLIPS_AT = 102 * 1024
/** Octets of a message that common servers take: the lowest limit in wide use is 10 MB. */
const MESSAGE_LIMIT = 10 * 1024 * 1024
/** Half of what is clipped, in images that are text. */
const DATA_LIMIT = 50 * 1024

/** How heavy the mail is, and whether Gmail will cut it. */
export const weight: Check = {
  group: 'weight',
  run(mail, findings) {
    const looked = [`The message: ${kilobytes(mail.raw.length)}`]
    for (const html of mail.htmls) {
      const size = Buffer.byteLength(html.text)
      const { comments, data } = ballastOf(html)
      looked.push(`HTML part ${html.part.number}: ${kilobytes(size)}`)
      if (size > GMAIL_CLIPS_AT) findings.add(clipped(size), () => ({ part: html.part.number }))
      else if (size > GMAIL_CLIPS_AT * 0.85) {
        findings.add(nearlyClipped(size), () => ({ part: html.part.number }))
      }
      if (data > DATA_LIMIT) findings.add(dataImages(data), () => ({ part: html.part.number }))
      if (comments > 10 * 1024) {
        findings.add(commentText(comments), () => ({ part: html.part.number }))
      }
    }
    if (mail.raw.length > MESSAGE_LIMIT) findings.add(heavy(mail.raw.length))
    if (mail.leaves.attachments.length > 0) {
      looked.push(counted(mail.leaves.attachments.length, 'attachment'))
    }
    return { looked, ...cutReason(mail) }
  },
}

/** What makes HTML heavy without being seen: octets of comments, and of `data:` addresses in attributes. */
function ballastOf({ tree }: HtmlPart): { readonly comments: number; readonly data: number } {
  let comments = 0
  let data = 0
  for (const node of nodesOf(tree.root)) {
    // Conditional comments are for Outlook.
    if (isComment(node) && !/^\[if/i.test(node.data)) comments += node.data.length
    if ('attribs' in node) {
      for (const value of Object.values(node.attribs)) {
        if (/^\s*data:/i.test(value)) data += value.length
      }
    }
  }
  return { comments, data }
}

export const kilobytes = (octets: number): string =>
  octets < 1024 * 1024
    ? `${(octets / 1024).toFixed(1)} kB`
    : `${(octets / 1024 / 1024).toFixed(1)} MB`

const clipped = (size: number): Rule => ({
  check: 'weight.gmail-clips',
  severity: 'error',
  title: `Gmail will clip this mail: the HTML has ${kilobytes(size)}`,
  why: 'Gmail shows about 102 kB of HTML and hides the rest behind “View entire message”: with it the footer, the unsubscribe link, and what counts that the mail was opened.',
  fix: 'Shorten the mail, move repeated inline styles into classes, minify the HTML, and link images instead of embedding them.',
})
const nearlyClipped = (size: number): Rule => ({
  check: 'weight.gmail-nearly-clips',
  severity: 'warning',
  title: `Gmail will soon clip this mail: the HTML has ${kilobytes(size)} of 102 kB`,
  why: 'What is sent for real is often larger than the test: links become longer where clicks are counted, and lists have more items.',
  fix: 'Leave some room: shorten or minify the HTML.',
})
const dataImages = (size: number): Rule => ({
  check: 'weight.data-images',
  severity: 'warning',
  title: `${kilobytes(size)} of the HTML are images in its text`,
  why: 'They count towards the 102 kB at which Gmail clips, and Gmail and Outlook do not show images from data: addresses at all.',
  fix: 'Link the images, or attach them and refer to them by cid:.',
})
const commentText = (size: number): Rule => ({
  check: 'weight.comments',
  severity: 'info',
  title: `${kilobytes(size)} of the HTML are comments`,
  why: 'Nobody sees them, but they count towards the 102 kB, and tell of your templates.',
  fix: 'Leave comments out when the mail is rendered; conditional comments for Outlook may stay.',
})
const heavy = (size: number): Rule => ({
  check: 'weight.message',
  severity: 'warning',
  title: `The message has ${kilobytes(size)}`,
  why: 'Many servers take 10 to 25 MB at most, with attachments in base64, which makes them a third larger.',
  fix: 'Put large files somewhere, and link them.',
})
