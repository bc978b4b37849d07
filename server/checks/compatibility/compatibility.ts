import { type Check, counted, cutReason } from '../check.ts'
import type { Rule } from '../findings.ts'
import type { ClientSupport, CompatibilityData } from '../report.ts'
import { features } from './features.ts'
import { type Caniemail, type FeatureSupport, table } from './table.ts'
import { findUsed } from './used.ts'

/** What the HTML uses, against what mail clients support, as caniemail.com has tested it. */
export const compatibility: Check = {
  group: 'compatibility',
  run(mail, findings) {
    const used = new Set<string>()
    const rules = new Map<string, Rule | null>()
    const isWhole = findUsed(mail, (slug, place) => {
      used.add(slug)
      let rule = rules.get(slug)
      if (rule === undefined) {
        rule = ruleOf(slug, table)
        rules.set(slug, rule)
      }
      if (rule) findings.add(rule, place)
    })
    return {
      looked: [
        `${used.size} of ${counted(Object.keys(table.features).length, 'feature')} are used`,
        `${counted(table.clients.length, 'mail client')} of ${counted(Object.keys(table.families).length, 'family', 'families')}`,
      ],
      data: dataOf(table),
      ...(isWhole
        ? cutReason(mail)
        : { partly: 'Some CSS is too long, too deep or too broken to be read.' }),
    }
  },
}

/** What is found where a feature is used; null where every client that was tested supports it. */
export function ruleOf(slug: string, { features, clients, source }: Caniemail): Rule | null {
  const feature = features[slug]
  if (!feature) return null
  const lacking = supportOf(feature, clients)
  if (lacking.length === 0) return null
  const none = lacking.filter(({ support }) => support === 'no').length
  const tested = [...feature.support].filter(letter => /[yna]/.test(letter)).length
  const isMost = none * 2 > tested
  return {
    check: `compatibility.${slug}`,
    severity: isMost ? 'warning' : 'info',
    title: `${feature.title}: ${
      none === 0
        ? `only partly in ${counted(lacking.length, 'client')}`
        : `not in ${none} of ${counted(tested, 'client')}`
    }`,
    why: isMost
      ? 'Most of the mail clients that were tested do not support it: for most recipients the mail has to work without.'
      : none > 0
        ? 'Some mail clients do not support it, and leave it out or show something else.'
        : 'Some mail clients support it only in part.',
    fix: 'See to it that the mail is readable without it in the clients named, or use something else for them.',
    url: `${source}/features/${slug}/`,
    clients: lacking,
    ...(feature.notes ? { notes: feature.notes } : {}),
  }
}

function supportOf(feature: FeatureSupport, clients: readonly string[]): readonly ClientSupport[] {
  return clients.flatMap((client, at) => {
    const letter = feature.support[at]
    if (letter !== 'n' && letter !== 'a') return []
    const notes = feature.noted?.[at] ?? []
    return [{ client, support: letter === 'n' ? 'no' : 'partial', notes } as const]
  })
}

function dataOf({ source, date, families, platforms, clients }: Caniemail): CompatibilityData {
  return {
    source,
    date,
    features: Object.keys(features).length,
    unmapped: Object.entries(features).flatMap(([feature, how]) =>
      'unmapped' in how ? [{ feature, reason: how.unmapped }] : [],
    ),
    families: Object.entries(families).map(([id, name]) => ({
      id,
      name,
      clients: clients
        .filter(client => client.startsWith(`${id}.`))
        .map(client => ({ id: client, name: platforms[client.slice(id.length + 1)] ?? client })),
    })),
  }
}
