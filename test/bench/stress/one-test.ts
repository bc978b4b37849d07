import assert from 'node:assert/strict'
import type { Inbox, Mail, MailcatchClient } from '../../../server/testing/index.ts'
import type { Random } from '../../helpers/random.ts'
import { dataOf, Sender } from '../../helpers/sender.ts'
import { octetsOf, type SentMail } from './sent-mail.ts'

/** What a test needs: the published library, whose errors it must meet. */
export type Stage = {
  readonly client: MailcatchClient
  readonly library: Pick<typeof import('../../../server/testing/index.ts'), 'UnexpectedMailError'>
  readonly random: Random
  /** Told of each wait, from the moment that its mail was acknowledged or, if that was later, it was asked: milliseconds. */
  readonly waited: (milliseconds: number) => void
}

/** Mails that each test sends. */
export const mailsOfTest = 8

/** A recipient that all tests write to: only the login tells whose mail it is. */
const everybody = 'everybody@example.com'

/** A test as an app has them: a code, a link, orders at once, a newsletter, and mail that must not come. */
export async function playTest(name: string, stage: Stage): Promise<void> {
  const inbox = await stage.client.inbox(name)
  const app = await Sender.open(stage.client.smtp.port)
  const loggedIn = await Sender.open(inbox.smtp.port)
  try {
    await loggedIn.login(inbox.smtp.user, inbox.smtp.password)
    await playAs(name, inbox, { app, loggedIn }, stage)
  } finally {
    app.close()
    loggedIn.close()
  }
}

type Senders = { readonly app: Sender; readonly loggedIn: Sender }

async function playAs(
  test: string,
  inbox: Inbox,
  { app, loggedIn }: Senders,
  { library, random, waited }: Stage,
): Promise<void> {
  const send = async (sender: Sender, mail: Omit<SentMail, 'test'>) => {
    await sender.send(dataOf(octetsOf({ test, ...mail })), 'shop@example.com', mail.to)
  }
  /** Waits before, while, or after it is sent. */
  const both = async <T>(sending: () => Promise<void>, wait: () => Promise<T>): Promise<T> => {
    const isAfter = random.chance(0.5)
    let since = 0
    const acknowledged = async () => {
      await sending()
      since = performance.now()
    }
    if (isAfter) await acknowledged()
    const waiting = wait().then(found => ({ found, at: performance.now() }))
    const [{ found, at }] = await Promise.all([waiting, isAfter ? null : acknowledged()])
    waited(Math.max(0, at - since))
    return found
  }
  const to = inbox.address()

  const code = String(random.between(100_000, 999_999))
  const codeMail = await both(
    () => send(app, { to, subject: 'Your code', html: `<p>Your code is <b>${code}</b>.</p>` }),
    () => inbox.waitFor('Your code'),
  )
  assert.equal(codeMail.code(), code)

  const href = `https://shop.example.com/confirm?token=${code}&test=${encodeURIComponent(test)}`
  const html = `<p><a href="${href.replace('&', '&amp;')}">Confirm your address</a></p>`
  await send(app, { to, subject: 'Confirm', html })
  const link = await inbox.last('Confirm')
  assert.ok(link, 'what was acknowledged is there')
  assert.equal(link.link(/confirm/i), href)

  const orders = [1, 2, 3].map(order => ({
    to: order === 2 ? everybody : inbox.address(`order-${order}`),
    subject: `Order ${order}`,
    html: `<p>Order ${order} of ${test}</p>`,
    attached: order === 3 ? random.between(1, 30_000) : 0,
  }))
  const ordered = await both(
    async () => {
      for (const order of orders) await send(order.to === everybody ? loggedIn : app, order)
    },
    () => inbox.waitForAll(3, /^Order/, { exact: true }),
  )
  assert.deepEqual(subjectsOf(ordered), ['Order 1', 'Order 2', 'Order 3'])

  const [newsletter] = await Promise.all([
    both(
      () => send(app, { to, subject: 'Newsletter', html: `<p>News of ${test}</p>` }),
      () => inbox.next({ text: `News of ${test}` }, {}),
    ),
    inbox.none({ subject: 'Invoice' }),
  ])

  // Under way when it is asked whether there is one.
  const secret = dataOf(octetsOf({ test, to: everybody, subject: 'Secret', html: 'Secret' }))
  const half = random.between(1, secret.length - 1)
  await loggedIn.begin(secret.subarray(0, half), 'shop@example.com', everybody)
  const denied = assert.rejects(
    inbox.none('Secret', { since: newsletter }),
    library.UnexpectedMailError,
  )
  await loggedIn.finish(secret.subarray(half))
  await denied

  const last = await both(
    () => send(app, { to, subject: 'Goodbye', html: '<p>Goodbye</p>' }),
    () => inbox.next('Goodbye'),
  )
  const all = await inbox.all()
  assert.deepEqual(subjectsOf(all), [
    'Your code',
    'Confirm',
    'Order 1',
    'Order 2',
    'Order 3',
    'Newsletter',
    'Secret',
    'Goodbye',
  ])
  assert.equal(all.length, mailsOfTest)
  assert.equal(all.at(-1)?.id, last.id)
  for (const mail of all) assert.equal(mail.headers.get('X-Stress-Test'), test)
  await inbox.none({}, { since: last })
}

const subjectsOf = (mails: readonly Mail[]): string[] => mails.map(({ subject }) => subject)
