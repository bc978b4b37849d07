import type { Readable } from 'node:stream'
import * as z from 'zod'
import type { Envelope } from '../../store/message.ts'
import { HttpProblem } from '../problem.ts'

const line = z
  .string()
  .max(10_000)
  .regex(/^[^\r\n\0]*$/, 'expected one line')

const address = z
  .union([line.min(1), z.strictObject({ name: line.default(''), address: line.min(1) })])
  .meta({
    id: 'NewAddress',
    description: '`ann@example.com`, `Ann <ann@example.com>`, or both apart',
  })
const addresses = z.union([address, z.array(address).max(1_000)])

const attachment = z.strictObject({
  filename: line.min(1),
  contentType: line.optional(),
  content: z.string().meta({ description: 'Text, or what `encoding` says' }),
  encoding: z.enum(['utf8', 'base64']).default('utf8'),
  cid: line.optional().meta({ description: 'The Content-ID for `cid:` references' }),
})

/** A message to be made. */
export const composeBody = z
  .strictObject({
    from: address,
    to: addresses.optional(),
    cc: addresses.optional(),
    bcc: addresses.optional(),
    replyTo: addresses.optional(),
    subject: line.optional(),
    text: z.string().optional(),
    html: z.string().optional(),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/), line)
      .optional()
      .meta({ description: 'Further header fields' }),
    attachments: z.array(attachment).max(100).optional(),
  })
  .meta({ id: 'NewMessage' })

/** Makes a message of a body that is validated: whatever it says, no file is read and nobody is asked. */
export async function compose(
  body: z.output<typeof composeBody>,
): Promise<{ message: AsyncIterable<Uint8Array>; envelope: Envelope }> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const attachments = body.attachments?.map(({ content, encoding, ...others }) => ({
    ...others,
    content: Buffer.from(content, encoding),
  }))
  const node = new MailComposer({
    ...body,
    attachments,
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  }).compile()
  const { from, to } = node.getEnvelope()
  if (!from) throw new HttpProblem(400, 'from: expected an address', { parameter: 'from' })
  return {
    message: node.createReadStream() as Readable,
    envelope: { mailFrom: from, rcptTo: to },
  }
}
