import { type Feature, features, type Other } from './features.ts'

type Named = { readonly slug: string; readonly value: RegExp | null }
type OfAttribute = Named & { readonly on: ReadonlySet<string> | null }

/** The features by what tells of them, so that each thing in a mail is looked up once. */
export type FeatureIndex = {
  readonly property: ReadonlyMap<string, readonly Named[]>
  readonly function: ReadonlyMap<string, string>
  readonly unit: ReadonlyMap<string, string>
  readonly keyword: ReadonlyMap<string, string>
  readonly atRule: ReadonlyMap<string, string>
  readonly media: ReadonlyMap<string, string>
  readonly selector: ReadonlyMap<string, string>
  readonly pseudo: ReadonlyMap<string, string>
  readonly element: ReadonlyMap<string, string>
  readonly attribute: ReadonlyMap<string, readonly OfAttribute[]>
  readonly image: ReadonlyMap<string, string>
  readonly other: ReadonlyMap<Other, string>
}

export function indexFeatures(all: Readonly<Record<string, Feature>> = features): FeatureIndex {
  const index = {
    property: new Map<string, Named[]>(),
    function: new Map<string, string>(),
    unit: new Map<string, string>(),
    keyword: new Map<string, string>(),
    atRule: new Map<string, string>(),
    media: new Map<string, string>(),
    selector: new Map<string, string>(),
    pseudo: new Map<string, string>(),
    element: new Map<string, string>(),
    attribute: new Map<string, OfAttribute[]>(),
    image: new Map<string, string>(),
    other: new Map<Other, string>(),
  }
  const put = (map: Map<string, string>, names: readonly string[], slug: string) => {
    for (const name of names) map.set(name, slug)
  }
  for (const [slug, feature] of Object.entries(all)) {
    if ('property' in feature) {
      const { property, value = null } = feature
      for (const name of property) push(index.property, name, { slug, value })
    } else if ('attribute' in feature) {
      const on = feature.on ? new Set(feature.on) : null
      const { attribute, value = null } = feature
      for (const name of attribute) push(index.attribute, name, { slug, value, on })
    } else if ('function' in feature) put(index.function, feature.function, slug)
    else if ('keyword' in feature) put(index.keyword, feature.keyword, slug)
    else if ('atRule' in feature) put(index.atRule, feature.atRule, slug)
    else if ('media' in feature) put(index.media, feature.media, slug)
    else if ('element' in feature) put(index.element, feature.element, slug)
    else if ('unit' in feature) index.unit.set(feature.unit, slug)
    else if ('selector' in feature) index.selector.set(feature.selector, slug)
    else if ('pseudo' in feature) index.pseudo.set(feature.pseudo, slug)
    else if ('image' in feature) index.image.set(feature.image, slug)
    else if ('other' in feature) index.other.set(feature.other, slug)
  }
  return index
}

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const there = map.get(name)
  if (there) there.push(value)
  else map.set(name, [value])
}
