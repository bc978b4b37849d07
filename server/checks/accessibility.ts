import { type Element, elementsOf, isText } from '../mime/html-tree.ts'
import { type Check, counted, cutReason } from './check.ts'
import { lookAtContrast } from './contrast.ts'
import { accessibleText } from './element-text.ts'
import type { Findings, Rule } from './findings.ts'
import type { HtmlPart } from './mail.ts'

/** What can be told without rendering the mail, of whether everybody can read it. */
export const accessibility: Check = {
  group: 'accessibility',
  run(mail, findings) {
    let texts = 0
    let tables = 0
    let headings = 0
    for (const html of mail.htmls) {
      const seen = look(html, findings)
      texts += lookAtContrast(html, seen.sheets, findings)
      tables += seen.tables
      headings += seen.headings
    }
    return {
      looked: [
        'language, title, link texts',
        `${counted(headings, 'heading')}, ${counted(tables, 'table')}, the contrast of ${counted(texts, 'piece')} of text`,
        'Alternative texts are among the images',
      ],
      ...cutReason(mail),
    }
  },
}

type Seen = {
  readonly sheets: readonly string[]
  readonly tables: number
  readonly headings: number
}

function look(html: HtmlPart, findings: Findings): Seen {
  const sheets: string[] = []
  const inTables = new Set<Element>()
  const headings: Element[] = []
  let root: Element | undefined
  let hasLanguage = false
  let title: string | undefined
  let tables = 0
  for (const element of elementsOf(html.tree.root)) {
    const { name, attribs } = element
    if (name === 'html') root ??= element
    if (attribs.lang?.trim() && (name === 'html' || name === 'body' || !root)) hasLanguage = true
    if (name === 'title' && title === undefined) title = textOf(element)
    else if (name === 'style') sheets.push(textOf(element))
    else if (/^h[1-6]$/.test(name)) headings.push(element)
    else if (name === 'th' || name === 'caption') {
      const table = tableOf(element)
      if (table) inTables.add(table)
    } else if (name === 'a' && attribs.href) lookLink(element, html, findings)
    if (name === 'table') tables++
  }
  const isEmpty = html.text.trim() === ''
  if (!isEmpty) {
    const at = () => html.place(root?.startIndex ?? 0, (root?.startIndex ?? 0) + 60)
    if (!hasLanguage) findings.add(NO_LANGUAGE, at)
    if (title !== undefined && title.trim() === '') findings.add(EMPTY_TITLE, at)
    else if (title === undefined && root) findings.add(NO_TITLE, at)
  }
  lookHeadings(headings, html, findings)
  lookTables(html, inTables, findings)
  return { sheets, tables, headings: headings.length }
}

function textOf(element: Element): string {
  return element.children.map(node => (isText(node) ? node.data : '')).join('')
}

function tableOf(element: Element): Element | undefined {
  for (let up = element.parent; up && 'name' in up; up = up.parent) {
    if (up.name === 'table') return up
  }
  return undefined
}

/** A table that only arranges things says so, or is read out cell by cell. */
function lookTables(html: HtmlPart, ofData: ReadonlySet<Element>, findings: Findings): void {
  for (const element of elementsOf(html.tree.root)) {
    if (element.name !== 'table' || ofData.has(element) || element.attribs.summary) continue
    const role = (element.attribs.role ?? '').trim().toLowerCase()
    if (role === 'presentation' || role === 'none' || role === 'table' || role === 'grid') continue
    findings.add(LAYOUT_TABLE, () => html.place(element.startIndex ?? 0, tagEnd(html, element)))
  }
}

function tagEnd(html: HtmlPart, element: Element): number {
  const start = element.startIndex ?? 0
  const end = html.text.indexOf('>', start)
  return end === -1 ? start + 60 : end + 1
}

function lookHeadings(headings: readonly Element[], html: HtmlPart, findings: Findings): void {
  let before = 0
  for (const element of headings) {
    const level = Number(element.name.slice(1))
    const place = () => html.place(element.startIndex ?? 0, (element.endIndex ?? 0) + 1)
    if (accessibleText(element) === '') findings.add(EMPTY_HEADING, place)
    if (before > 0 && level > before + 1) findings.add(SKIPPED, place)
    before = level
  }
  const words = html.text.length > 20_000
  if (headings.length === 0 && words) findings.add(NO_HEADING)
}

function lookLink(element: Element, html: HtmlPart, findings: Findings): void {
  const text = accessibleText(element)
    .toLowerCase()
    .replace(/[\s.!…>»→]+$/u, '')
  if (VAGUE.has(text)) {
    findings.add(VAGUE_LINK, () => html.place(element.startIndex ?? 0, (element.endIndex ?? 0) + 1))
  }
}

/** What links are called that say nothing by themselves. */
const VAGUE: ReadonlySet<string> = new Set([
  'click',
  'click here',
  'click me',
  'details',
  'hier',
  'hier klicken',
  'here',
  'ici',
  'cliquez ici',
  'aquí',
  'haz clic aquí',
  'learn more',
  'link',
  'mehr',
  'mehr erfahren',
  'more',
  'more info',
  'read more',
  'this link',
  'tap here',
  'weiterlesen',
])

const NO_LANGUAGE: Rule = {
  check: 'accessibility.no-language',
  severity: 'warning',
  title: 'The HTML does not say its language',
  why: 'A screen reader reads it out in the language of its user, whatever it is written in; hyphenation and translation guess (WCAG 2.2, 3.1.1).',
  fix: 'Put lang="en", or what it is, on html, and on the outermost element within body: webmail drops html.',
}
const NO_TITLE: Rule = {
  check: 'accessibility.no-title',
  severity: 'info',
  title: 'The HTML has no title',
  why: 'Where the mail is opened in a browser the tab has no name, and a screen reader reads the address (WCAG 2.2, 2.4.2).',
  fix: 'Put the subject into title.',
}
const EMPTY_TITLE: Rule = {
  ...NO_TITLE,
  check: 'accessibility.empty-title',
  title: 'The title of the HTML is empty',
}
const NO_HEADING: Rule = {
  check: 'accessibility.no-heading',
  severity: 'info',
  title: 'A long mail without headings',
  why: 'People who hear a mail jump from heading to heading; large bold text is none (WCAG 2.2, 1.3.1).',
  fix: 'Make the titles of sections h1, h2 and so on.',
}
const EMPTY_HEADING: Rule = {
  check: 'accessibility.empty-heading',
  severity: 'warning',
  title: 'Headings without text',
  why: 'A screen reader announces a heading, and nothing follows.',
  fix: 'Use a margin for the space, and headings for titles.',
}
const SKIPPED: Rule = {
  check: 'accessibility.heading-order',
  severity: 'info',
  title: 'Headings that skip a level',
  why: 'An h3 after an h1 reads as if something was missing.',
  fix: 'Choose headings by their level, and their size by a style.',
}
const LAYOUT_TABLE: Rule = {
  check: 'accessibility.layout-table',
  severity: 'warning',
  title: 'Tables without a role that seem to be layout',
  why: 'Without headers such a table arranges things, but a screen reader says “table, 3 columns, 12 rows” and reads out cell by cell (WCAG 2.2, 1.3.1).',
  fix: 'Put role="presentation" on tables that are layout; give tables of data th cells.',
}
const VAGUE_LINK: Rule = {
  check: 'accessibility.vague-link',
  severity: 'warning',
  title: 'Links whose text says nothing by itself',
  why: 'In a list of links, or read out alone, “click here” leads anywhere (WCAG 2.2, 2.4.4).',
  fix: 'Let the text of the link say where it leads: “Reset your password”.',
}
