import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { test } from 'node:test'
import { type Banner, fancyBanner, plainBanner } from '../server/banner.ts'
import { completeOptions, type Options } from '../server/options.ts'

const banner = (given: Partial<Options>, rest: Partial<Banner> = {}): Banner => ({
  version: '1.2.3',
  options: completeOptions({ data: `${homedir()}/.local/share/mailcatch`, ...given }),
  ports: {
    smtp: 1025,
    smtps: null,
    pop3: 1110,
    pop3s: null,
    imap: 1143,
    imaps: null,
    http: 8025,
    https: null,
  },
  url: 'http://localhost:8025/',
  readyAfter: 179.6,
  keys: 'o open, q quit',
  hasColor: false,
  ...rest,
})

test('for a person', () => {
  assert.equal(
    fancyBanner(banner({})),
    `
  mailcatch 1.2.3  ready in 180 ms

  > Inbox  http://localhost:8025/
  > SMTP   localhost:1025   (any address, any credentials, STARTTLS)
  > POP3   localhost:1110   (any user, any password, STLS)
  > IMAP   localhost:1143   (any user, any password, STARTTLS)
  > Store  ~/.local/share/mailcatch, newest 10,000, 1 GiB

  press o open, q quit
`,
  )
})

test('for a log', () => {
  const ports = {
    smtp: 25,
    smtps: 465,
    pop3: 110,
    pop3s: 995,
    imap: 143,
    imaps: 993,
    http: null,
    https: null,
  }
  const given = { host: '::', noAuth: true, memory: true, maxAge: 5_400_000 }
  assert.equal(
    plainBanner(banner(given, { url: null, ports })),
    `mailcatch 1.2.3 ready in 180 ms
SMTP [::]:25
SMTPS [::]:465
POP3 [::]:110
POP3S [::]:995
IMAP [::]:143
IMAPS [::]:993
Store memory only, newest 10,000, 256 MiB, 90 min`,
  )
})

test('says when a login is needed', () => {
  const smtpAuth = { user: 'ann', password: 'secret' }
  const text = fancyBanner(banner({ smtpAuth }))
  assert.match(text, /\(login required, STARTTLS\)/)
  assert.match(text, /\(any user, any password, STLS\)/)
  assert.doesNotMatch(text, /secret/)
  const all = fancyBanner(banner({ auth: smtpAuth }))
  assert.match(all, /SMTP .*\(login required, STARTTLS\)/)
  assert.match(all, /POP3 .*\(login required, STLS\)/)
})

test('says no word of TLS that is not offered', () => {
  const text = fancyBanner(banner({ starttls: false }))
  assert.match(text, /SMTP .*\(any address, any credentials\)/)
  assert.match(text, /POP3 .*\(any user, any password\)/)
})

test('colour only where it is wanted', () => {
  assert.doesNotMatch(fancyBanner(banner({})), /\x1b/)
  assert.match(fancyBanner(banner({}, { hasColor: true })), /\x1b\[36mhttp:/)
})
