import * as z from 'zod'

/** The JSON of resources.ts as schemas, for the documentation; a test holds the two together. */

const address = z.strictObject({ name: z.string(), address: z.string() }).meta({ id: 'Address' })
const addresses = z.array(address)
const dateTime = z.iso.datetime()

const common = {
  id: z.int().min(1).meta({ description: "An arrival's number: ascending, never used twice" }),
  receivedAt: dateTime.meta({ description: 'When the last octet came' }),
  from: addresses.meta({ description: 'The From field' }),
  to: addresses.meta({ description: 'The To field' }),
  rcptTo: z.array(z.string()).meta({ description: "The envelope's recipients, in order" }),
  subject: z.string().meta({ description: 'Decoded' }),
  preview: z.string().meta({ description: 'How the text begins' }),
  size: z.int().min(0).meta({ description: 'Octets as sent' }),
  unread: z.boolean(),
  flagged: z.boolean(),
  tags: z.array(z.string()),
  parsed: z
    .union([z.boolean(), z.literal('failed')])
    .meta({ description: 'Whether the content was read already, or could not be' }),
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

const facet = z
  .strictObject({
    value: z.string(),
    count: z.int().min(1).meta({ description: 'How many messages have it' }),
    unread: z.int().min(0).meta({ description: 'How many of them are unread' }),
  })
  .meta({ id: 'Facet' })

export const facets = z
  .strictObject({
    total: z.int().min(0),
    unread: z.int().min(0),
    withAttachments: z.int().min(0).meta({ description: 'How many messages have attachments' }),
    recipients: z.array(facet).meta({ description: "The envelope's, in lower case" }),
    senders: z.array(facet).meta({ description: 'Addresses of the From field, in lower case' }),
    tags: z.array(facet),
    feed: z.string().meta({ description: 'The position on the change feed' }),
  })
  .meta({ id: 'Facets' })

const attachment = z
  .strictObject({
    part: z.string().meta({ description: 'Its MIME part number' }),
    name: z.string(),
    contentType: z.string(),
    size: z.int().min(0).meta({ description: 'Octets once decoded' }),
    sha256: z.string(),
    cid: z.string().nullable().meta({ description: 'Its Content-ID' }),
    inline: z.boolean().meta({ description: 'Whether it is shown in the text' }),
  })
  .meta({ id: 'Attachment' })

export const link = z
  .strictObject({
    href: z.string().meta({ description: 'As the mail has it' }),
    text: z.string().meta({ description: 'What a person reads on it, or before it in plain text' }),
    kind: z.enum(['action', 'unsubscribe', 'mailto', 'tel', 'link', 'image', 'other']).meta({
      description:
        '`action`: what the mail asks to do; `image`: a picture that is loaded; `other`: leads nowhere',
    }),
    part: z.string().meta({ description: 'The MIME part number of its text' }),
  })
  .meta({ id: 'Link' })

export const code = z
  .strictObject({
    value: z.string().meta({ description: 'As one would type it' }),
    confidence: z.enum(['low', 'medium', 'high']).meta({
      description: '`high`: called a code; `medium`: near such words; `low`: stands alone',
    }),
    part: z.string().nullable().meta({ description: 'The MIME part number, null for the subject' }),
    context: z.string().meta({ description: 'The words around it' }),
  })
  .meta({ id: 'Code' })

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
    text: z.string().nullable().meta({ description: 'The text/plain part' }),
    html: z.string().nullable().meta({ description: 'The text/html part, its source' }),
    textOfHtml: z.string().nullable().meta({
      description: 'The text made from the HTML, where there is no text/plain part',
    }),
    links: z.array(link).meta({ description: 'Of text and HTML, each once per part' }),
    codes: z.array(code).meta({ description: 'What may be a one-time code, the likeliest first' }),
    attachments: z.array(attachment),
    headers: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .meta({ description: 'All header fields, in order, decoded' }),
    flags: z.array(z.string()).meta({ description: 'The flags of IMAP' }),
    warnings: z.array(z.string()).meta({ description: 'What is wrong with the mail' }),
    remoteReferences: z
      .int()
      .min(0)
      .meta({ description: 'How many things the HTML would load from elsewhere' }),
    reception: z.strictObject({
      listener: z.string(),
      helo: z.string().optional(),
      peer: z.strictObject({ address: z.string(), port: z.int() }).optional(),
      tls: z.strictObject({ protocol: z.string(), cipher: z.string() }).optional(),
      authUser: z.string().optional(),
      inboxes: z
        .array(z.string())
        .optional()
        .meta({ description: 'The inboxes that it belonged to when it came' }),
      dsn: dsn.optional(),
    }),
  })
  .meta({ id: 'MessageDetail' })

const part = z
  .strictObject({
    part: z.string().meta({ description: 'Its number; empty for a message that is a multipart' }),
    contentType: z.string(),
    charset: z.string().nullable(),
    encoding: z.string().meta({ description: 'Content-Transfer-Encoding' }),
    disposition: z.enum(['inline', 'attachment']).nullable(),
    name: z.string(),
    cid: z.string().nullable().meta({ description: 'Its Content-ID' }),
    octets: z.int().min(0).meta({ description: 'Octets as sent' }),
    size: z.int().min(0).meta({ description: 'Octets once decoded' }),
    get parts() {
      return z.array(part)
    },
  })
  .meta({ id: 'MessagePart' })

export const messageParts = z.strictObject({ root: part }).meta({ id: 'MessageParts' })

export const nestedMessage = z
  .strictObject({
    from: addresses,
    to: addresses,
    cc: addresses,
    subject: z.string(),
    date: dateTime.nullable(),
    text: z
      .string()
      .nullable()
      .meta({ description: 'The text/plain part, cut to 262,144 characters' }),
    html: z.boolean().meta({ description: 'Whether there is HTML: `…/html?part=` shows it' }),
  })
  .meta({ id: 'NestedMessage' })

const port = z.int().nullable()

const login = z
  .strictObject({ host: z.string(), port, user: z.string(), password: z.string() })
  .meta({ id: 'Login', description: '`port` is null where that is switched off' })

export const inbox = z
  .strictObject({
    id: z.string().meta({ description: 'What the matcher calls it by' }),
    name: z.string(),
    address: z.string().meta({ description: 'Mail for it is its own, also with a +tag' }),
    route: z
      .strictObject({
        addresses: z.array(z.string()),
        domains: z.array(z.string()),
        tags: z.array(z.string()),
      })
      .meta({ description: 'Which mail is its own besides' }),
    smtp: login,
    imap: login,
    pop3: login,
    createdAt: dateTime,
    expiresAt: dateTime,
    total: z.int().min(0).meta({ description: 'How many messages it has' }),
    unread: z.int().min(0).meta({ description: 'How many of them are unread' }),
  })
  .meta({ id: 'Inbox' })

export const inboxList = z.strictObject({ inboxes: z.array(inbox) }).meta({ id: 'InboxList' })

export const stats = z
  .strictObject({
    version: z.string(),
    total: z.int(),
    unread: z.int(),
    bytes: z.int().meta({ description: 'Octets of the messages as sent, and nothing else' }),
    cursor: z.int(),
    uptime: z.number().meta({ description: 'Seconds' }),
    limits: z.strictObject({
      maxMessages: z.int(),
      maxBytes: z.int().meta({
        description:
          'Octets of the messages and their envelopes, and 200 for each address and tag: what the memory keeps of them counts',
      }),
      maxAge: z.int().nullable().meta({ description: 'Milliseconds' }),
      maxMessageSize: z.int(),
    }),
    ports: z.strictObject({
      smtp: port,
      smtps: port,
      pop3: port,
      pop3s: port,
      imap: port,
      imaps: port,
      http: port,
      https: port,
    }),
    deleteAllowed: z.boolean(),
    remoteAllowed: z.boolean(),
  })
  .meta({ id: 'Stats' })

export const problem = z
  .strictObject({
    type: z.string().meta({ description: 'Always `about:blank`' }),
    title: z.string().meta({ description: "The status code's phrase" }),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong, for a person' }),
    parameter: z.string().optional().meta({ description: 'The parameter or member that is wrong' }),
    position: z.int().optional().meta({ description: 'Where in `q`, in characters from 0' }),
  })
  .meta({ id: 'Problem' })

export const cursorDocument = z.strictObject({ cursor: z.int().min(0) })
export const createdDocument = z.strictObject({ id: z.int().min(1) })
export const importedDocument = z
  .strictObject({
    imported: z.int().min(0).meta({ description: 'How many messages of the mbox are there now' }),
    ids: z.string().meta({ description: 'Their ids, such as `4:17,20`' }),
    failed: z
      .array(z.strictObject({ message: z.int().min(1), reason: z.string() }))
      .meta({ description: 'Those that were refused, by their place in the mbox; the first 100' }),
    failures: z.int().min(0).meta({ description: 'How many were refused' }),
  })
  .meta({ id: 'Imported' })
export const changedDocument = z.strictObject({ changed: z.int().min(0) })
export const deletedDocument = z.strictObject({ deleted: z.int().min(0) })

export const selectedElements = z
  .strictObject({
    total: z.int().min(0).meta({ description: 'How many match' }),
    elements: z.array(
      z.strictObject({
        name: z.string().meta({ description: 'In lower case' }),
        attributes: z.record(z.string(), z.string()).meta({ description: 'Decoded' }),
        text: z.string().meta({ description: 'What a person reads in it' }),
        html: z.string().meta({ description: 'Its source' }),
      }),
    ),
  })
  .meta({ id: 'SelectedElements' })
