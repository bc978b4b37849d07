import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type CypressGlobals, defineCommands } from '../../../server/testing/cypress/commands.ts'
import type { MailRecord, Tasks } from '../../../server/testing/cypress/record.ts'
import { mailcatchTasks } from '../../../server/testing/cypress/tasks.ts'
import { openTestClient, type Stage } from '../../helpers/test-client.ts'

/**
 * A stand-in for Cypress' command queue: it runs the tasks through JSON, as Cypress does, and tries a query again until an
 * assertion on it holds or the time is over. Cypress itself is not run.
 */
class Queue {
  readonly #commands = new Map<string, (...args: unknown[]) => unknown>()
  readonly #queries = new Map<string, (this: object, ...args: unknown[]) => () => unknown>()
  readonly #tasks: Partial<Record<string, (asked: unknown) => Promise<unknown>>> = {}
  readonly logged: string[] = []
  #beforeTest = () => {}

  constructor(mailcatchUrl: string) {
    const config = { env: { mailcatchUrl }, other: 1 }
    const on = (_event: string, tasks: Tasks) => Object.assign(this.#tasks, tasks)
    assert.equal(mailcatchTasks(on as never, config), config)
    const task = async (name: string, asked: unknown): Promise<unknown> => {
      const work = this.#tasks[name]
      if (!work) throw new Error(`there is no task ${name}`)
      return through(await work(through(asked)))
    }
    defineCommands({
      Cypress: {
        Commands: {
          add: (name: string, command: never) => this.#commands.set(name, command),
          addQuery: (name: string, query: never) => this.#queries.set(name, query),
        },
        currentTest: { titlePath: ['sign up', 'with a code'] },
        on: (_event: string, listener: () => void) => {
          this.#beforeTest = listener
        },
        log: ({ name, message }: { name: string; message: string }) =>
          this.logged.push(`${name} ${message}`),
      },
      cy: { task, now: (_name: string, name: string, asked: unknown) => task(name, asked) },
    } as unknown as CypressGlobals)
  }

  startTest(): void {
    this.#beforeTest()
  }

  async run(name: string, ...args: unknown[]): Promise<unknown> {
    return this.#commands.get(name)?.(...args)
  }

  /** The query, and what is asserted of it, again and again. */
  async query(
    name: string,
    args: readonly unknown[],
    check = (_found: unknown) => {},
  ): Promise<unknown> {
    let timeout = 4_000
    const set = (_key: string, milliseconds: number) => {
      timeout = milliseconds
    }
    const inner = this.#queries.get(name)?.call({ set }, ...args)
    assert.ok(inner, `there is no query ${name}`)
    const end = performance.now() + timeout
    for (;;) {
      try {
        const found = inner()
        check(found)
        return found
      } catch (error) {
        if (performance.now() > end) throw error
        // Cypress' own pace.
        await pause(16)
      }
    }
  }
}

const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

let stage: Stage
let queue: Queue
const endings: (() => unknown)[] = []
before(async () => {
  stage = await openTestClient({ after: (end: () => unknown) => endings.push(end) })
  queue = new Queue(stage.mailcatch.url)
})
after(async () => {
  for (const end of endings) await end()
})

type Made = { readonly id: string; readonly name: string; readonly address: string }

test('an inbox for a test, in which all look from then on', async () => {
  queue.startTest()
  const { address, name } = (await queue.run('mailInbox')) as Made
  assert.equal(name, 'sign up › with a code')
  await stage.send('other@b.test', { subject: 'Your code', text: 'Your code is 111222' })
  await stage.send(address, { subject: 'Your code', text: 'Your code is 482913' })
  const mail = (await queue.query('mail', [/^your/i])) as MailRecord
  assert.deepEqual([mail.subject, mail.envelope.rcptTo], ['Your code', [address]])
  assert.deepEqual(
    mail.headers.find(([field]) => field === 'Subject'),
    ['Subject', 'Your code'],
  )
  assert.match(mail.renderingUrl, /\/v1\/messages\/\d+\/text$/)
  assert.equal(await queue.query('mailCode', [{ subject: 'code' }]), '482913')
  assert.deepEqual(queue.logged.splice(0), [
    'mail {"subject":"/^your/i"}',
    'mailCode {"subject":"code"}',
  ])

  queue.startTest()
  const { address: next } = (await queue.run('mailInbox', 'by name')) as Made
  assert.notEqual(next, address)
  assert.equal(await queue.run('mailNone'), null)
})

test('a query is tried again, on what comes later too, with what is asserted of it', async () => {
  queue.startTest()
  const { address } = (await queue.run('mailInbox')) as Made
  const found = queue.query('mail', [], mail =>
    assert.equal((mail as MailRecord).subject, 'second'),
  )
  await stage.send(address, { subject: 'first' })
  await stage.send(address, { subject: 'second' })
  assert.equal(((await found) as MailRecord).subject, 'second')
})

test('a link, by its text', async () => {
  queue.startTest()
  const { address } = (await queue.run('mailInbox')) as Made
  const html = '<a href="https://a.test/v?t=1">Verify</a> <a href="https://a.test/h">Help</a>'
  await stage.send(address, { html })
  assert.equal(await queue.query('mailLink', [undefined, 'help']), 'https://a.test/h')
  assert.equal(await queue.query('mailLink', [{}, { text: /^verify$/i }]), 'https://a.test/v?t=1')
  await assert.rejects(queue.query('mailLink', [{}, 'Pay', { timeout: 400 }]), {
    message: /^There is no link with "Pay" in mail/,
  })
})

test('what did not come is explained, and what should not have come', async () => {
  queue.startTest()
  const { address } = (await queue.run('mailInbox')) as Made
  await stage.send(address, { subject: 'Welcome' })
  await assert.rejects(queue.query('mail', ['Invoice', { timeout: 600, log: false }]), {
    message: /^No mail came within 100 ms that has[\s\S]+wanted "Invoice", but it has "Welcome"$/,
  })
  await assert.rejects(queue.run('mailNone', 'Welcome'), {
    message: /^There should be no such mail, but there is mail \d+ "Welcome"/,
  })
  queue.startTest()
  assert.equal(((await queue.query('mail', ['Welcome'])) as MailRecord).subject, 'Welcome')
})
