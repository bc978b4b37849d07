import * as z from 'zod'
import { problem } from './documents.ts'
import { composeBody } from './messages/compose.ts'
import { problemType } from './problem.ts'
import { isRepeatable, type Shape } from './query.ts'
import { groups, type Route } from './route.ts'

/** A JSON value, as far as this file cares. */
type Json = Readonly<Record<string, unknown>>

/**
 * The description of the API as OpenAPI 3.1, made from the table of routes: what validates a request describes it.
 * Schemas that have an id stand once, under `components`.
 */
export function describeApi(routes: readonly Route[], version: string, basePath: string): Json {
  const schemas: Record<string, Json> = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => collect(schema, io, schemas)
  schemaOf(composeBody, 'input')
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const path = paths[route.path] ?? {}
    paths[route.path] = path
    path[route.method] = describeRoute(route, schemaOf)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mailcatch', version, summary: 'Mail that was caught instead of sent' },
    servers: [{ url: basePath }],
    tags: groups.map(name => ({ name })),
    paths,
    components: { schemas },
  }
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json

function describeRoute(route: Route, schemaOf: SchemaOf): Json {
  const content = (schema: Json) =>
    Object.fromEntries(
      route.bodyTypes.map(type => [type, type === 'application/json' ? { schema } : {}]),
    )
  const body = route.body
    ? schemaOf(route.body, 'input')
    : { $ref: '#/components/schemas/NewMessage' }
  return {
    operationId: operationId(route),
    tags: [route.group],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    parameters: [
      ...parameters(route.parameters, 'path', schemaOf),
      ...parameters(route.query, 'query', schemaOf),
    ],
    ...(route.bodyTypes.length > 0
      ? {
          requestBody: {
            required: !route.body?.safeParse(undefined).success,
            content: content(body),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            content: {
              ...(answer.schema
                ? {
                    [answer.isProblem ? problemType : 'application/json']: {
                      schema: schemaOf(answer.schema, 'output'),
                    },
                  }
                : {}),
              ...Object.fromEntries((answer.types ?? []).map(type => [type, {}])),
            },
          },
        ]),
      ),
      default: {
        description: 'What is wrong (RFC 9457)',
        content: { [problemType]: { schema: schemaOf(problem, 'output') } },
      },
    },
  }
}

/** A call's name, unique and fit for an anchor. */
export const operationId = ({ method, path }: Route): string =>
  method +
  path.replaceAll(/[/{}.]+(\w)/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')

function parameters(shape: Shape, place: 'path' | 'query', schemaOf: SchemaOf): Json[] {
  return Object.entries(shape).map(([name, schema]) => {
    const { description, ...rest } = schemaOf(schema, 'output')
    return {
      name,
      in: place,
      required: place === 'path' || !schema.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: rest,
      ...(isRepeatable(schema) ? { style: 'form', explode: true } : {}),
    }
  })
}

/** One schema as JSON Schema; those with an id go to `schemas`. */
function collect(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, Json>): Json {
  const {
    $schema: _,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io, reused: 'inline' }) as Json & {
    $defs?: Record<string, Json>
  }
  const text = JSON.stringify(own).replaceAll('"#/$defs/', '"#/components/schemas/')
  for (const [name, definition] of Object.entries($defs ?? {})) {
    schemas[name] ??= JSON.parse(
      JSON.stringify(definition).replaceAll('"#/$defs/', '"#/components/schemas/'),
    ) as Json
  }
  const { id, ...rest } = JSON.parse(text) as Json & { id?: string }
  if (id === undefined) return rest
  schemas[id] ??= rest
  return { $ref: `#/components/schemas/${id}` }
}
