import type { NewMessage } from './api.ts'

/** A ready-made mail to start from; its words are a mail's, and no part of the interface. */
export type ExampleName = 'plain' | 'code' | 'attachment' | 'newsletter'
export type Example = Required<
  Pick<NewMessage, 'from' | 'to' | 'subject' | 'text' | 'html' | 'attachments'>
>

const app = 'Example App <app@example.com>'

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
</head>
<body style="margin:0;padding:24px 12px;background:#f3f5f8;font:16px/1.5 Arial,sans-serif;color:#1b2430">
${body}
</body>
</html>`

const card = (
  inner: string,
): string => `<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border:1px solid #dfe4ea;border-radius:12px"><tr><td style="padding:32px">
${inner}
</td></tr></table>
</td></tr></table>`

const story = (title: string, text: string): string =>
  `<h2 style="margin:24px 0 8px;font-size:18px;line-height:1.3">${title}</h2>
<p style="margin:0 0 8px">${text}</p>
<p style="margin:0"><a href="https://example.com/stories" style="color:#1a56bd">Read on</a></p>`

const csv = 'id,item,amount\r\n1,Coffee,4.20\r\n2,Bread,3.10\r\n'

export const examples: Readonly<Record<ExampleName, Example>> = {
  plain: {
    from: app,
    to: ['ann@example.com'],
    subject: 'A plain message',
    text: 'Hello Ann,\n\nthis mail has text and nothing else.\n\nhttps://example.com/\n',
    html: '',
    attachments: [],
  },
  code: {
    from: app,
    to: ['ann@example.com'],
    subject: 'Your sign-in code is 483920',
    text: 'Your sign-in code is 483920.\n\nIt is valid for ten minutes. Or sign in here:\nhttps://example.com/sign-in?token=3f9c2a\n',
    html: page(
      'Your sign-in code',
      card(`<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">Sign in</h1>
<p style="margin:0 0 16px">Your sign-in code is</p>
<p style="margin:0 0 16px;font:700 32px/1.2 monospace;letter-spacing:6px">483920</p>
<p style="margin:0 0 20px">It is valid for ten minutes.</p>
<p style="margin:0"><a href="https://example.com/sign-in?token=3f9c2a" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1a56bd;color:#ffffff;text-decoration:none">Sign in</a></p>`),
    ),
    attachments: [],
  },
  attachment: {
    from: 'Billing <billing@example.com>',
    to: ['ann@example.com'],
    subject: 'Your receipts of this month',
    text: 'Hello Ann,\n\nyour receipts are attached.\n',
    html: page(
      'Your receipts',
      card(
        '<p style="margin:0 0 12px">Hello Ann,</p>\n<p style="margin:0">your receipts are attached.</p>',
      ),
    ),
    attachments: [
      {
        filename: 'receipts.csv',
        contentType: 'text/csv',
        content: btoa(csv),
        encoding: 'base64',
      },
    ],
  },
  newsletter: {
    from: 'The Weekly <weekly@example.com>',
    to: ['ann@example.com'],
    subject: 'This week: three stories',
    text: 'The Weekly\n\n1. A new roof\n2. The long way home\n3. Bread, again\n\nRead them: https://example.com/stories\nUnsubscribe: https://example.com/unsubscribe\n',
    html: page(
      'The Weekly',
      card(`<h1 style="margin:0;font-size:24px;line-height:1.3">The Weekly</h1>
${story('A new roof', 'It took all summer, and it does not leak.')}
${story('The long way home', 'Forty kilometres on foot, and what was on the way.')}
${story('Bread, again', 'Flour, water, salt, and a lot of time.')}
<p style="margin:28px 0 0;padding-top:16px;border-top:1px solid #dfe4ea;font-size:13px;color:#515c6b">You get this because you signed up. <a href="https://example.com/unsubscribe" style="color:#1a56bd">Unsubscribe</a></p>`),
    ),
    attachments: [],
  },
}
