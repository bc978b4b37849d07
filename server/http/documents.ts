import * as z from 'zod'

/** The JSON of resources.ts as schemas, for the documentation; a test holds the two together. */

const address = z.strictObject({ name: z.string(), address: z.string() }).meta({ id: 'Address' })
const addresses = z.array(address)
const dateTime = z.iso.datetime()

const common = {
  id: z.int().min(1),
  receivedAt: dateTime,
  from: addresses,
  to: addresses,
  rcptTo: z.array(z.string()).meta({ description: "The envelope's recipients, in order" }),
  subject: z.string(),
  preview: z.string(),
  size: z.int().min(0).meta({ description: 'Octets as sent' }),
  unread: z.boolean(),
  flagged: z.boolean(),
  tags: z.array(z.string()),
  parsed: z.union([z.boolean(), z.literal('failed')]),
}

export const messageSummary = z
  .strictObject({
    ...common,
    attachments: z.int().min(0).meta({ description: 'How many' }),
    warnings: z.int().min(0).meta({ description: 'How many' }),
  })
  .meta({ id: 'MessageSummary' })

export const messageList = z
  .strictObject({
    messages: z.array(messageSummary),
    total: z.int().min(0).meta({ description: 'How many match' }),
    unread: z.int().min(0).meta({ description: 'How many of them are unread' }),
    cursor: z.int().min(0).meta({ description: 'The newest id ever given' }),
    feed: z.string().meta({ description: 'The position on the change feed' }),
    partial: z
      .literal(true)
      .optional()
      .meta({ description: 'The search goes on: ask again for the rest of `total`' }),
  })
  .meta({ id: 'MessageList' })

const attachment = z
  .strictObject({
    part: z.string().meta({ description: 'Its MIME part number' }),
    name: z.string(),
    contentType: z.string(),
    size: z.int().min(0).meta({ description: 'Octets once decoded' }),
    sha256: z.string(),
    cid: z.string().nullable(),
    inline: z.boolean(),
  })
  .meta({ id: 'Attachment' })

const dsn = z.strictObject({
  ret: z.string().optional(),
  envid: z.string().optional(),
  recipients: z
    .array(
      z.strictObject({
        address: z.string(),
        notify: z.array(z.string()).optional(),
        orcpt: z.string().optional(),
      }),
    )
    .optional(),
})

export const messageDetail = z
  .strictObject({
    ...common,
    envelope: z.strictObject({ mailFrom: z.string(), rcptTo: z.array(z.string()) }),
    cc: addresses,
    bcc: addresses,
    replyTo: addresses,
    date: dateTime.nullable().meta({ description: 'Of the Date field' }),
    messageId: z.string(),
    text: z.string().nullable(),
    html: z.string().nullable(),
    attachments: z.array(attachment),
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    flags: z.array(z.string()),
    warnings: z.array(z.string()),
    remoteReferences: z.int().min(0),
    reception: z.strictObject({
      listener: z.string(),
      helo: z.string().optional(),
      peer: z.strictObject({ address: z.string(), port: z.int() }).optional(),
      tls: z.strictObject({ protocol: z.string(), cipher: z.string() }).optional(),
      authUser: z.string().optional(),
      dsn: dsn.optional(),
    }),
  })
  .meta({ id: 'MessageDetail' })

const port = z.int().nullable()

export const stats = z
  .strictObject({
    version: z.string(),
    total: z.int(),
    unread: z.int(),
    bytes: z.int(),
    cursor: z.int(),
    uptime: z.number().meta({ description: 'Seconds' }),
    limits: z.strictObject({
      maxMessages: z.int(),
      maxBytes: z.int(),
      maxAge: z.int().nullable().meta({ description: 'Milliseconds' }),
      maxMessageSize: z.int(),
    }),
    ports: z.strictObject({ smtp: port, smtps: port, http: port }),
    deleteAllowed: z.boolean(),
    remoteAllowed: z.boolean(),
  })
  .meta({ id: 'Stats' })

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    parameter: z.string().optional(),
    position: z.int().optional(),
  })
  .meta({ id: 'Problem' })

export const cursorDocument = z.strictObject({ cursor: z.int().min(0) })
export const createdDocument = z.strictObject({ id: z.int().min(1) })
export const changedDocument = z.strictObject({ changed: z.int().min(0) })
export const deletedDocument = z.strictObject({ deleted: z.int().min(0) })
