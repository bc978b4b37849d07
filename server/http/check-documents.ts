import * as z from 'zod'
import { groups } from '../checks/groups.ts'

/** The JSON of checks/report.ts as schemas, for the documentation. */

const place = z
  .strictObject({
    part: z.string().optional().meta({ description: 'MIME part number' }),
    line: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'In the decoded text of the part, from 1' }),
    column: z.int().min(1).optional(),
    sourceLine: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'In the raw message, from 1; not of a part in base64' }),
    header: z.string().optional().meta({ description: 'The name of a header field' }),
    excerpt: z.string().optional().meta({ description: 'What stands there, cut' }),
  })
  .meta({ id: 'Place' })

const severity = z.enum(['error', 'warning', 'info'])
const checkState = z.enum(['done', 'partial', 'failed'])

const finding = z
  .strictObject({
    check: z
      .string()
      .meta({ description: 'The rule, such as `links.insecure`; it stays the same' }),
    severity,
    title: z.string(),
    why: z.string().meta({ description: 'Why it matters' }),
    fix: z.string().meta({ description: 'How to mend it' }),
    count: z.int().min(1).meta({ description: 'At how many places' }),
    where: z.array(place).max(10).meta({ description: 'The first of them' }),
    clients: z
      .array(
        z.strictObject({
          client: z.string().meta({ description: 'Such as `outlook.windows`' }),
          support: z.enum(['no', 'partial']),
          notes: z.array(z.int()).meta({ description: 'Numbers of `notes`' }),
        }),
      )
      .optional()
      .meta({ description: 'Mail clients that do not, or not quite, support it' }),
    notes: z.record(z.string(), z.string()).optional(),
    url: z.string().optional().meta({ description: 'Where to read more' }),
  })
  .meta({ id: 'Finding' })

const explainedField = z
  .strictObject({
    header: z.string(),
    summary: z.string(),
    sourceLine: z.int().min(1).optional(),
    verified: z.literal(false).meta({ description: 'Nothing is: nothing here connects out' }),
    tags: z.array(z.strictObject({ tag: z.string(), value: z.string(), means: z.string() })),
  })
  .meta({ id: 'ExplainedField' })

const compatibilityData = z
  .strictObject({
    source: z.string(),
    date: z.string(),
    features: z.int(),
    unmapped: z
      .array(z.strictObject({ feature: z.string(), reason: z.string() }))
      .meta({ description: 'Features that cannot be seen in a mail' }),
    families: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        clients: z.array(z.strictObject({ id: z.string(), name: z.string() })),
      }),
    ),
  })
  .meta({ id: 'CompatibilityData' })

const checkGroup = z
  .strictObject({
    group: z.enum(groups.map(({ group }) => group)),
    title: z.string(),
    state: checkState.meta({ description: 'Whether all of the message was looked at' }),
    reason: z.string().optional().meta({ description: 'Why it was not' }),
    looked: z.array(z.string()).meta({ description: 'What was looked at' }),
    findings: z.array(finding).meta({ description: 'Errors first' }),
    fields: z
      .array(explainedField)
      .optional()
      .meta({ description: 'Header fields of signatures, taken apart' }),
    data: compatibilityData.optional().meta({ description: 'The table of mail clients' }),
  })
  .meta({ id: 'CheckGroup' })

export const messageChecks = z
  .strictObject({
    id: z.int().min(1),
    state: checkState,
    counts: z
      .strictObject({ error: z.int(), warning: z.int(), info: z.int() })
      .meta({ description: 'How many findings' }),
    groups: z.array(checkGroup),
  })
  .meta({ id: 'MessageChecks' })
