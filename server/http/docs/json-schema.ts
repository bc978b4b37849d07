/** A JSON Schema, as far as ours go (draft 2020-12, made by zod). */
export type JsonSchema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly description?: string
  readonly default?: unknown
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
}

/** A piece of a type: words, the name of another schema, or a value that is meant literally. */
export type TypePiece = string | { readonly ref: string } | { readonly value: unknown }

/** A schema's type in words. */
export function typeOf(schema: JsonSchema): TypePiece[] {
  if (schema.$ref !== undefined)
    return [{ ref: schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1) }]
  if (schema.const !== undefined) return [{ value: schema.const }]
  if (schema.enum) return either(schema.enum.map(value => [{ value }]))
  if (schema.anyOf) return either(schema.anyOf.map(typeOf))
  if (schema.type === 'array') return ['list of ', ...typeOf(schema.items ?? {})]
  if (schema.format === 'date-time') return ['date and time']
  if (typeof schema.additionalProperties === 'object')
    return ['object of ', ...typeOf(schema.additionalProperties)]
  return [typeof schema.type === 'object' ? schema.type.join(' or ') : (schema.type ?? 'anything')]
}

const either = (types: TypePiece[][]): TypePiece[] =>
  types.flatMap((type, at) => [...(at > 0 ? [' or '] : []), ...type])

/** A schema's default and limits in words. Those of a list are its own and its items'. */
export function limitsOf(schema: JsonSchema): string[] {
  const { minimum, maximum, minLength, maxLength, maxItems, items } = schema
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  const limits: string[] = []
  if (least !== undefined && most !== undefined) limits.push(`${least} to ${most}`)
  else if (least !== undefined) limits.push(`${least} or more`)
  else if (most !== undefined) limits.push(`at most ${most}`)
  if (minLength === 1) limits.push('not empty')
  if (maxLength !== undefined) limits.push(`at most ${maxLength} characters`)
  if (items) limits.push(...limitsOf(items).map(limit => `each ${limit}`))
  if (maxItems !== undefined) limits.push(`at most ${maxItems} of them`)
  if (schema.default !== undefined) limits.push(`default ${JSON.stringify(schema.default)}`)
  return limits
}

/** One member of an object, however deep: `reception.peer.port`, `headers[].name`. */
export type Member = {
  readonly name: string
  readonly schema: JsonSchema
  readonly isRequired: boolean
}

/** The members of an object, and of the objects in it that have no name of their own. */
export function* membersOf(schema: JsonSchema, prefix = ''): Generator<Member> {
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    const name = prefix + key
    yield { name, schema: member, isRequired: schema.required?.includes(key) ?? false }
    yield* membersOf(member, `${name}.`)
    if (member.items) yield* membersOf(member.items, `${name}[].`)
  }
}
