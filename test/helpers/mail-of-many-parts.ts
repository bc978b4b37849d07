/** A mail as rich as they come: HTML with a picture in it, a code, links, files of all kinds, a mail in the mail. */

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgCAIAAAAt/+nTAAAAUklEQVR42u3PMQ0AAAgDsOHfNAjgIiFp66BJt/0UAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAnf9AMrQABGHBJ0sAAAAAElFTkSuQmCC'

const html = `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark"><style>
body { margin: 0; background: #f3f5f8; font: 16px/1.5 sans-serif; color: #1b2430 }
.card { max-width: 480px; margin: 32px auto; padding: 32px; background: #ffffff; border-radius: 12px }
@media (prefers-color-scheme: dark) { body { background: #111111; color: #eeeeee } .card { background: #222222 } }
</style></head><body><div class="card"><h1>Reset your password</h1>
<p>Your code is <b>483920</b>. Or use the button:</p>
<p><a href="https://app.example.com/reset?token=abc">Reset password</a></p>
<img src="cid:logo@x" alt="Logo" width="64" height="32">
<p><a href="http://example.com/help">Help</a> <a href="http://example.com/help">More help</a>
<a href="https://\u0430pple.com/">apple.com</a> <a href="mailto:help@example.com">Write to us</a>
<a href="https://app.example.com/unsubscribe?u=1">Unsubscribe</a>
<a href="javascript:alert(1)">Nothing</a></p></div></body></html>`

const calendar = [
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'SUMMARY:Stand-up',
  'DTSTART;TZID=Europe/Berlin:20261121T140000',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n')

const nested = [
  'From: Carol <carol@example.net>',
  'To: Dan <dan@example.net>',
  'Subject: The nested one',
  'Content-Type: text/html',
  '',
  '<p>Hello <script>alert(1)</script></p>',
].join('\r\n')

const part = (boundary: string, type: string, body: string, ...fields: string[]): string =>
  [`--${boundary}`, `Content-Type: ${type}`, ...fields, '', body, ''].join('\r\n')

const file = (name: string): string => `Content-Disposition: attachment; filename=${name}`
const encoded = 'Content-Transfer-Encoding: base64'
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

const related = [
  part('r', 'text/html; charset=utf-8', html),
  part('r', 'image/png; name=logo.png', png, encoded, 'Content-ID: <logo@x>'),
  '--r--',
].join('')

const alternative = [
  part(
    'a',
    'text/plain; charset=utf-8',
    'Your code is 483920.\r\nReset: https://app.example.com/reset?token=abc',
  ),
  part('a', 'multipart/related; boundary=r', related),
  '--a--',
].join('')

/** Part 7 has a name that pretends to be another, part 10 says that it is a picture and is none. */
export const mailOfManyParts = [
  'From: App <app@example.com>',
  'To: Ann <ann@example.com>',
  'Subject: Reset your password',
  'Date: Fri, 02 Jan 2026 03:04:05 +0000',
  'Message-ID: <many@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  [
    part('b', 'multipart/alternative; boundary=a', alternative),
    part('b', 'image/png', png, encoded, file('chart.png')),
    part(
      'b',
      'text/csv; charset=utf-8',
      'name,amount,"a ""quoted"" one"\r\nAnn,12.50,=1+1',
      file('sales.csv'),
    ),
    part('b', 'application/json', '{"id":42,"tags":["a","b"]}', file('data.json')),
    part('b', 'text/calendar; method=REQUEST', calendar, file('invite.ics')),
    part('b', 'message/rfc822', nested),
    part(
      'b',
      'application/pdf',
      'JVBERi0xLjQK',
      encoded,
      "Content-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe",
    ),
    part('b', 'image/svg+xml', svg, file('drawing.svg')),
    part('b', 'text/html', '<script>alert(1)</script>', file('page.html')),
    part('b', 'image/png', svg, file('liar.png')),
    '--b--',
    '',
  ].join(''),
].join('\r\n')
