import { type Element, elementsOf } from '../mime/html-tree.ts'
import { type Check, counted, cutReason } from './check.ts'
import { accessibleText } from './element-text.ts'
import type { Findings, Rule } from './findings.ts'
import { hostOf, namedHost } from './hosts.ts'
import type { HtmlPart } from './mail.ts'

/** Links that lead nowhere, may be overheard, or say they lead elsewhere. */
export const links: Check = {
  group: 'links',
  run(mail, findings) {
    let count = 0
    for (const html of mail.htmls) {
      for (const element of elementsOf(html.tree.root)) {
        if (element.name === 'a' || element.name === 'area') {
          if (look(element, html, findings)) count++
        }
      }
    }
    return {
      looked: [
        `${counted(count, 'link')} in the HTML`,
        'empty targets, addresses that are none, http:, hosts that differ from the text',
      ],
      ...cutReason(mail),
    }
  },
}

/** True for a link; an `a` without `href` may be an anchor to jump to. */
function look(element: Element, html: HtmlPart, findings: Findings): boolean {
  const { href } = element.attribs
  if (href === undefined) return false
  const add = (rule: Rule) =>
    findings.add(rule, () =>
      html.place(html.tree.attributeStart(element, 'href'), (element.endIndex ?? 0) + 1),
    )
  const target = href.replace(/[\t\r\n]/g, '').trim()
  if (target === '' || target === '#') add(EMPTY)
  else if (PLACEHOLDER.test(target)) add(UNFILLED)
  else if (target.startsWith('#')) return true
  else if (/^javascript:/i.test(target)) add(SCRIPT)
  else if (/^https?:/i.test(target)) lookWeb(element, target, add)
  else if (!/^[a-z][a-z\d+.-]*:/i.test(target)) add(RELATIVE)
  if (accessibleText(element) === '') add(NO_TEXT)
  return true
}

function lookWeb(element: Element, target: string, add: (rule: Rule) => void): void {
  const host = hostOf(target)
  if (host === null) {
    add(BROKEN)
    return
  }
  if (isLocal(host)) add(LOCAL)
  else if (/^http:/i.test(target)) add(INSECURE)
  const named = namedHost(accessibleText(element))
  if (named !== null && !isSame(named, host)) add(OTHER_HOST)
}

const isSame = (named: string, host: string): boolean => {
  const bare = (name: string) => name.replace(/^www\./, '')
  return bare(named) === bare(host)
}

const isLocal = (host: string): boolean =>
  /^(?:localhost|.*\.localhost|.*\.local|.*\.test|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(
    host,
  )

/** What template languages put where a value should be. */
const PLACEHOLDER = /\{\{|\{%|<%|\$\{|%7B%7B|^\s*%[A-Z_]+%\s*$|\*\|[A-Z_:]+\|\*|\[\[[A-Z_]+\]\]/i

const EMPTY: Rule = {
  check: 'links.empty',
  severity: 'error',
  title: 'Links without a target',
  why: 'A click does nothing, or opens an empty page. Often the address was not filled in.',
  fix: 'Give the link its address, or make it no link.',
}
const UNFILLED: Rule = {
  check: 'links.placeholder',
  severity: 'error',
  title: 'Links with a template’s placeholder in the address',
  why: 'The template was sent without being filled in, so the link leads nowhere.',
  fix: 'Fill the value in before the mail is sent.',
}
const SCRIPT: Rule = {
  check: 'links.script',
  severity: 'error',
  title: 'Links that want to run a script',
  why: 'No mail client runs one; filters take such mail for an attack.',
  fix: 'Link a page that does what the script should.',
}
const RELATIVE: Rule = {
  check: 'links.relative',
  severity: 'error',
  title: 'Links without scheme and host',
  why: 'A mail has no address that such a link could be relative to: it leads nowhere, or into the webmail itself.',
  fix: 'Write the whole address, beginning with https://.',
}
const BROKEN: Rule = {
  check: 'links.broken',
  severity: 'error',
  title: 'Links whose address cannot be read',
  why: 'Mail clients cannot open it.',
  fix: 'Write the address as a URL, and encode what does not belong into one.',
}
const INSECURE: Rule = {
  check: 'links.insecure',
  severity: 'warning',
  title: 'Links by http:',
  why: 'Whoever is on the way can read and change what they lead to; browsers warn, and tokens in the address are seen.',
  fix: 'Link https:.',
}
const LOCAL: Rule = {
  check: 'links.local',
  severity: 'warning',
  title: 'Links to a machine that only you reach',
  why: 'Right in a test; for a recipient outside they lead nowhere.',
  fix: 'See to it that the address comes from the settings, and is another in production.',
}
const OTHER_HOST: Rule = {
  check: 'links.other-host',
  severity: 'error',
  title: 'Links whose text names another host than they go to',
  why: 'That is how phishing looks: mail clients warn, and filters take it for an attack. Services that count clicks cause it, too.',
  fix: 'Make the text words instead of an address, or let both name the same host.',
}
const NO_TEXT: Rule = {
  check: 'links.no-text',
  severity: 'warning',
  title: 'Links with nothing to click on, or to read out',
  why: 'There is neither text nor an image with an alternative text in it: who does not see, or sees no images, has nothing.',
  fix: 'Put text into the link, or an alt into its image.',
}
