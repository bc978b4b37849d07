import type { NewMessage } from './api.ts'

/** The mail that the inbox sends to itself, to show that it works. */
export const testMail: NewMessage = {
  from: 'Mailcatch <hello@mailcatch.example>',
  to: ['you@example.com'],
  subject: 'It works',
  text: 'This is a test mail, sent by the Mailcatch inbox to itself.\n\nPoint your app at the SMTP port and its mail shows up here too, whatever address it goes to.\n',
  html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>It works</title></head>
<body style="margin:0;padding:32px 16px;background:#f3f5f8;font:16px/1.5 system-ui,sans-serif;color:#1b2430">
<div style="max-width:480px;margin:auto;padding:32px;background:#fff;border-radius:12px;border:1px solid #dfe4ea">
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">It works</h1>
<p style="margin:0 0 12px">This is a test mail, sent by the Mailcatch inbox to itself.</p>
<p style="margin:0;color:#515c6b">Point your app at the SMTP port and its mail shows up here too, whatever address it goes to.</p>
</div></body></html>`,
}
