import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { ImapFlow } from 'imapflow'
import nodemailer from 'nodemailer'
import { inbox as inboxDocument, inboxList } from '../../server/http/documents.ts'
import type { Inbox, InboxList, Login, MessageList } from '../../server/http/resources.ts'
import { launch, type Mailcatch, startMailcatch } from '../../server/mailcatch.ts'
import { libraryOptions } from '../../server/options.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { Pop3Client } from '../helpers/pop3.ts'
import { Wire } from '../helpers/wire.ts'

test('an inbox is made, told of, listed and deleted', async t => {
  const { ask, send, store } = await startHttp(t)
  const made = await send('POST', '/v1/inboxes', {
    name: 'Sign-up test',
    ttl: 600,
    route: { addresses: ['Ann@Example.com'], domains: ['Shop.example'], tags: ['Order'] },
  })
  assert.equal(made.status, 201, made.text)
  const inbox = inboxDocument.parse(made.json) as Inbox
  assert.equal(made.headers.location, `/v1/inboxes/${inbox.id}`)
  assert.match(inbox.id, /^sign-up-test-[a-z0-9]{12}$/)
  assert.deepEqual(inbox, {
    id: inbox.id,
    name: 'Sign-up test',
    address: `${inbox.id}@inbox.mailcatch.test`,
    route: { addresses: ['ann@example.com'], domains: ['shop.example'], tags: ['order'] },
    smtp: { host: '127.0.0.1', port: 1025, user: inbox.address, password: inbox.smtp.password },
    imap: { host: '127.0.0.1', port: 1143, user: inbox.address, password: inbox.smtp.password },
    pop3: { host: '127.0.0.1', port: 1110, user: inbox.address, password: inbox.smtp.password },
    createdAt: inbox.createdAt,
    expiresAt: new Date(Date.parse(inbox.createdAt) + 600_000).toISOString(),
    total: 0,
    unread: 0,
  })
  const own = await put(store, mail('Own'), {
    envelope: { mailFrom: '', rcptTo: ['x+order@a.example'] },
  })
  const other = await put(store, mail('Other'), {
    envelope: { mailFrom: '', rcptTo: ['x@a.example'] },
  })
  await send('PATCH', `/v1/messages/${own}`, { unread: false })
  const bare = (await ask('/v1/inboxes', { method: 'POST', headers: { host: '[::1]:80' } })).json
  assert.equal((bare as Inbox).name, (bare as Inbox).id)
  assert.equal((bare as Inbox).smtp.host, '::1')
  const { inboxes } = inboxList.parse((await ask('/v1/inboxes')).json) as InboxList
  const counted = { ...inbox, total: 1 }
  assert.deepEqual(inboxes, [counted, { ...(bare as Inbox), ...hostOf(bare as Inbox) }])
  assert.deepEqual((await ask(`/v1/inboxes/${inbox.id}`)).json, counted)

  const { messages, total } = (await ask(`/v1/messages?inbox=${inbox.id}`)).json as MessageList
  assert.deepEqual([messages.map(({ id }) => id), total], [[own], 1])
  const detail = (await ask(`/v1/messages/latest?inbox=${inbox.id}`)).json
  assert.deepEqual((detail as { reception: object }).reception, {
    listener: 'smtp',
    inboxes: [inbox.id],
  })
  assert.equal((await ask(`/v1/messages?q=inbox:${inbox.id}`)).status, 200)
  const body = { matcher: { any: [{ inbox: inbox.id }] }, addTags: ['seen'] }
  assert.deepEqual((await send('PATCH', '/v1/messages', body)).json, { changed: 1 })

  const deleted = await send('DELETE', `/v1/inboxes/${inbox.id}`)
  assert.deepEqual([deleted.status, deleted.json], [200, { deleted: 1 }])
  assert.deepEqual(await store.match({}), [other])
  for (const [method, path] of [
    ['GET', `/v1/inboxes/${inbox.id}`],
    ['DELETE', `/v1/inboxes/${inbox.id}`],
    ['GET', `/v1/messages?inbox=${inbox.id}`],
    ['GET', `/v1/messages/latest?inbox=${inbox.id}`],
    ['DELETE', `/v1/messages?inbox=${inbox.id}`],
  ] as const) {
    const reply = await send(method, path)
    assert.equal(reply.status, 404, `${method} ${path}`)
    assert.match(reply.text, new RegExp(`There is no inbox ${inbox.id}\\.`))
  }
})

const hostOf = ({ smtp, imap, pop3 }: Inbox) => {
  const here = (login: Login) => ({ ...login, host: '127.0.0.1' })
  return { smtp: here(smtp), imap: here(imap), pop3: here(pop3) }
}

test('what cannot be is refused, with the member that is wrong', async t => {
  const { ask, send } = await startHttp(t)
  for (const [body, parameter] of [
    [{ ttl: 0 }, 'ttl'],
    [{ ttl: 86_401 }, 'ttl'],
    [{ ttl: '60' }, 'ttl'],
    [{ name: '' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ route: { addresses: ['ann'] } }, 'route.addresses.0'],
    [{ route: { addresses: Array.from({ length: 101 }, () => 'a@b') } }, 'route.addresses'],
    [{ route: { domains: ['@example.com'] } }, 'route.domains.0'],
    [{ route: { tags: ['a b'] } }, 'route.tags.0'],
    [{ route: { users: [] } }, 'route.users'],
    [{ color: 'red' }, 'color'],
  ] as const) {
    const { status, json } = await send('POST', '/v1/inboxes', body)
    assert.deepEqual([status, (json as { parameter: string }).parameter], [400, parameter])
  }
  assert.equal((await ask('/v1/messages?inbox=No*')).status, 400)
  assert.equal((await ask('/v1/messages?inbox=none')).status, 404)
  assert.equal((await ask('/v1/inboxes/none')).status, 404)
  assert.deepEqual((await ask('/v1/inboxes')).json, { inboxes: [] })
})

test('mail of an inbox is waited for, and its absence proved', async t => {
  const { ask, send, store } = await startHttp(t)
  const { id, address } = (await send('POST', '/v1/inboxes')).json as Inbox
  const other = (await send('POST', '/v1/inboxes')).json as Inbox
  await put(store, mail('Not its own'))
  const waiting = ask(`/v1/wait?inbox=${id}&since=0`)
  const code = ask(`/v1/code?inbox=${id}&since=0`)
  await put(store, mail('Other', 'Your code is 111111.'), {
    envelope: { mailFrom: '', rcptTo: [other.address] },
  })
  const number = await put(store, mail('Own', 'Your code is 482913.'), {
    envelope: { mailFrom: '', rcptTo: [address] },
  })
  assert.equal(((await waiting).json as { message: { id: number } }).message.id, number)
  assert.equal((await code).text, '482913')
  assert.equal((await send('POST', `/v1/none?inbox=${id}&subject=Other`)).status, 200)
  assert.equal((await send('POST', `/v1/none?inbox=${id}`)).status, 409)
  for (const path of ['wait', 'code', 'link', 'none']) {
    const method = path === 'none' ? 'POST' : 'GET'
    const { status, text } = await send(method, `/v1/${path}?inbox=none`)
    assert.equal(status, 404, path)
    assert.match(text, /There is no inbox none\./)
  }
})

test('a thousand are made in less than a second, and a mail for one is its own', async t => {
  const { store, inboxes } = await startHttp(t)
  const wish = { name: 'many', timeToLive: 60_000, addresses: [], domains: [], tags: [] }
  // Of the processor: other tests run beside this one.
  const start = process.cpuUsage()
  for (let at = 0; at < 1_000; at++) await inboxes.make({ ...wish, hasListener: false })
  const { user, system } = process.cpuUsage(start)
  assert.ok(user + system < 1_000_000, `${(user + system) / 1_000} ms`)
  const { id } = store.inboxes.all()[500] ?? assert.fail()
  const number = await put(store, 'x', {
    envelope: { mailFrom: '', rcptTo: [`${id}@inbox.mailcatch.test`] },
  })
  assert.deepEqual(await store.match({ inbox: id }), [number])
})

test('--no-delete keeps inboxes too', async t => {
  const { send } = await startHttp(t, { allowDelete: false })
  const { id } = (await send('POST', '/v1/inboxes')).json as Inbox
  assert.equal((await send('DELETE', `/v1/inboxes/${id}`)).status, 403)
})

// Over real sockets, with the whole of Mailcatch.

type Running = Pick<Mailcatch, 'url' | 'ports'>

const api = async (mailcatch: Running, method: string, path: string, body?: unknown) => {
  const response = await fetch(`${mailcatch.url}v1/${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      authorization: `Basic ${Buffer.from('admin:master').toString('base64')}`,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return (await response.json()) as never
}

const makeOne = async (mailcatch: Running, body: unknown = {}): Promise<Inbox> =>
  (await api(mailcatch, 'POST', 'inboxes', body)) ?? assert.fail()

const subjectsOf = async (mailcatch: Running, query: string): Promise<string[]> => {
  const list: MessageList = (await api(mailcatch, 'GET', `messages?${query}`)) ?? assert.fail()
  return list.messages.map(({ subject }) => subject).reverse()
}

type Sent = {
  port?: number | null
  auth?: { user: string; pass: string }
  to?: string
  method?: string
}

const sendMail = async (
  mailcatch: Running,
  subject: string,
  { port = mailcatch.ports.smtp, auth, to = 'ann@example.com', method }: Sent = {},
): Promise<void> => {
  const transport = nodemailer.createTransport({
    ...{ host: '127.0.0.1', port: port ?? 0, ignoreTLS: true },
    ...(auth && { auth }),
    ...(method !== undefined && { authMethod: method }),
  })
  try {
    await transport.sendMail({ from: 'app@example.com', to, subject, text: 'Hello' })
  } finally {
    transport.close()
  }
}

const imapSubjects = async (port: number, user: string, pass: string): Promise<string[]> => {
  const client = new ImapFlow({
    ...{ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, logger: false },
    auth: { user, pass },
  })
  await client.connect()
  try {
    await client.mailboxOpen('INBOX')
    const subjects: string[] = []
    for await (const message of client.fetch('1:*', { envelope: true })) {
      subjects.push(message.envelope?.subject ?? '')
    }
    return subjects
  } finally {
    await client.logout()
  }
}

const ports = { pop3Port: 0, imapPort: 0 }
const auth = { user: 'admin', password: 'master' }

for (const [title, options] of [
  ['any login is taken', {}],
  ['a login is set', { auth }],
] as const) {
  test(`its login by SMTP, IMAP and POP3, where ${title}`, async t => {
    await using mailcatch = await startMailcatch({ ...ports, ...options })
    const one = await makeOne(mailcatch, { name: 'One' })
    const two = await makeOne(mailcatch)
    const { user, password } = one.smtp
    const others = 'auth' in options ? { auth: { user: 'admin', pass: 'master' } } : {}
    for (const method of ['PLAIN', 'LOGIN', 'CRAM-MD5']) {
      await sendMail(mailcatch, method, { auth: { user, pass: password }, method })
      const wrong = { auth: { user, pass: `${password}x` }, method }
      await assert.rejects(sendMail(mailcatch, 'wrong', wrong), { responseCode: 535 })
    }
    await sendMail(mailcatch, 'other', others)
    if (!('auth' in options)) {
      await sendMail(mailcatch, 'anybody', { auth: { user: 'whoever', pass: 'any' } })
    }
    await sendMail(mailcatch, 'to two', { ...others, to: two.address })
    assert.deepEqual(await subjectsOf(mailcatch, `inbox=${one.id}`), ['PLAIN', 'LOGIN', 'CRAM-MD5'])
    assert.deepEqual(await subjectsOf(mailcatch, `inbox=${two.id}`), ['to two'])

    const { imap, pop3 } = one
    assert.deepEqual([imap.port, pop3.port], [mailcatch.ports.imap, mailcatch.ports.pop3])
    const port = imap.port ?? 0
    assert.deepEqual(await imapSubjects(port, imap.user, imap.password), [
      'PLAIN',
      'LOGIN',
      'CRAM-MD5',
    ])
    assert.deepEqual(await imapSubjects(port, imap.user.toUpperCase(), imap.password), [
      'PLAIN',
      'LOGIN',
      'CRAM-MD5',
    ])
    for (const pass of ['any', two.imap.password, 'master']) {
      await assert.rejects(imapSubjects(port, imap.user, pass), { authenticationFailed: true })
      const client = await Pop3Client.open(pop3.port ?? 0)
      t.after(() => client.destroy())
      await client.ask(`USER ${pop3.user}`)
      assert.match(await client.ask(`PASS ${pass}`), /^-ERR \[AUTH\]/)
    }
    const client = await Pop3Client.login(pop3.port ?? 0, two.pop3.user, two.pop3.password)
    assert.match(await client.ask('STAT'), /^\+OK 1 /)
    assert.match(await client.ask('QUIT'), /^\+OK/)

    // Its credentials are none of the API's.
    for (const authorization of [
      `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      `Bearer ${password}`,
    ]) {
      const { status } = await fetch(`${mailcatch.url}v1/inboxes`, { headers: { authorization } })
      assert.equal(status, 'auth' in options ? 401 : 200)
    }

    await api(mailcatch, 'DELETE', `inboxes/${one.id}`)
    await assert.rejects(imapSubjects(port, imap.user, imap.password), {
      authenticationFailed: true,
    })
    const late = { auth: { user, pass: password } }
    await assert.rejects(sendMail(mailcatch, 'late', late), { responseCode: 535 })
    const left = await subjectsOf(mailcatch, '')
    assert.deepEqual(left, 'auth' in options ? ['other', 'to two'] : ['other', 'anybody', 'to two'])
  })
}

test('a listener of its own', async () => {
  await using mailcatch = await startMailcatch({ ...ports })
  const own = await makeOne(mailcatch, { smtp: true })
  assert.notEqual(own.smtp.port, mailcatch.ports.smtp)
  await sendMail(mailcatch, 'own', { port: own.smtp.port })
  await sendMail(mailcatch, 'another')
  assert.deepEqual(await subjectsOf(mailcatch, `inbox=${own.id}`), ['own'])
  assert.deepEqual(await subjectsOf(mailcatch, ''), ['own', 'another'])
  await api(mailcatch, 'DELETE', `inboxes/${own.id}`)
  await assert.rejects(sendMail(mailcatch, 'late', { port: own.smtp.port }))
  assert.deepEqual(await subjectsOf(mailcatch, ''), ['another'])
})

test('forty tests at once, each with its own inbox, and each of them deletes its own', async () => {
  await using mailcatch = await startMailcatch({ ...ports })
  await sendMail(mailcatch, 'of nobody')
  const one = async (at: number): Promise<void> => {
    const inbox = await makeOne(mailcatch, { name: `test ${at}`, route: { tags: [`t${at}`] } })
    const subjects = [0, 1, 2].map(mail => `${at} ${mail}`)
    const { user, password: pass } = inbox.smtp
    await sendMail(mailcatch, `${at} 0`, { to: inbox.address })
    await sendMail(mailcatch, `${at} 1`, { to: `ann+t${at}@example.com` })
    await sendMail(mailcatch, `${at} 2`, { auth: { user, pass } })
    assert.deepEqual(await subjectsOf(mailcatch, `inbox=${inbox.id}`), subjects)
    if (at % 2 === 1) return
    await api(mailcatch, 'DELETE', `inboxes/${inbox.id}`)
  }
  await Promise.all(Array.from({ length: 40 }, (_, at) => one(at)))
  const { inboxes }: InboxList = (await api(mailcatch, 'GET', 'inboxes')) ?? assert.fail()
  assert.deepEqual(
    inboxes.map(({ total }) => total),
    Array.from({ length: 20 }, () => 3),
  )
  assert.equal((await subjectsOf(mailcatch, 'limit=1000')).length, 61)
})

test('a mail client that looks at an inbox is told when that ends', async () => {
  await using mailcatch = await startMailcatch({ ...ports })
  const inbox = await makeOne(mailcatch)
  await sendMail(mailcatch, 'own', { to: inbox.address })
  const socket = connect(inbox.imap.port ?? 0, '127.0.0.1')
  let said = ''
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(said) && resolve()
      socket.on('data', chunk => {
        said += chunk
        look()
      })
      socket.on('close', () => reject(new Error(said)))
      look()
    })
  await until(/OK/)
  socket.write(`a LOGIN ${inbox.imap.user} ${inbox.imap.password}\r\n`)
  await until(/^a OK/m)
  socket.write('b SELECT INBOX\r\n')
  await until(/^b OK/m)
  assert.match(said, /^\* 1 EXISTS/m)
  socket.write('c IDLE\r\n')
  await until(/^\+ /m)
  const bye = until(/^\* BYE/m)
  await api(mailcatch, 'DELETE', `inboxes/${inbox.id}`)
  await bye
  socket.destroy()
})

test('sessions of an inbox that has ended get answers, and nothing breaks', async () => {
  const errors: string[] = []
  const silent = { info: () => {}, warn: () => {} }
  const log = { ...silent, error: (line: string) => errors.push(line) }
  const options = libraryOptions({ ...ports })
  const mailcatch = await launch(options, { log, keepsProcessAlive: false })
  try {
    const inbox = await makeOne(mailcatch)
    await sendMail(mailcatch, 'own', { to: inbox.address })
    const { user, password } = inbox.imap
    const imap = await Wire.open(inbox.imap.port ?? 0)
    await imap.line()
    const ask = async (command: string): Promise<string> => {
      imap.write(`a ${command}\r\n`)
      for (;;) {
        const line = (await imap.line()) ?? assert.fail('the server has closed')
        if (line.startsWith('+ ')) imap.write('x\r\n')
        if (line.startsWith('a ')) return line
      }
    }
    assert.match(await ask(`LOGIN ${user} ${password}`), /^a OK/)
    const pop3 = await Pop3Client.login(inbox.pop3.port ?? 0, user, password)
    assert.match(await pop3.ask('DELE 1'), /^\+OK/)
    await api(mailcatch, 'DELETE', `inboxes/${inbox.id}`)
    assert.match(await ask('SELECT INBOX'), /^a NO/)
    assert.match(await ask('STATUS INBOX (MESSAGES)'), /^a NO/)
    assert.match(await ask('CREATE Folder'), /^a NO/)
    assert.match(await ask('SUBSCRIBE Folder'), /^a NO/)
    assert.match(await ask('RENAME INBOX Old'), /^a NO/)
    assert.match(await ask('APPEND INBOX {1}'), /^a NO/)
    assert.match(await ask('LIST "" *'), /^a OK/)
    assert.match(await ask('LOGOUT'), /^a OK/)
    assert.match(await pop3.ask('STAT'), /^\+OK 0 0/)
    assert.match(await pop3.ask('QUIT'), /^\+OK/)
    assert.deepEqual(errors, [])
  } finally {
    await mailcatch.close()
  }
})
