import type { MailcatchClient } from '../client.ts'
import { MailcatchError } from '../errors.ts'
import { connect, startMailcatch } from '../start.ts'
import { type Answer, type Asked, recordOf, type Tasks } from './record.ts'

/** What of Cypress' `on` and `config` is used. */
type On = (event: 'task', tasks: Tasks) => void
type Config = { readonly env: Readonly<Record<string, unknown>> }

/**
 * For `setupNodeEvents` in cypress.config: what `cy.mail` and the others ask. The Mailcatch is that of `mailcatchUrl` in
 * `env`, or of the variable MAILCATCH_URL, or else one of its own.
 *
 * @example
 * ```js
 * import { defineConfig } from 'cypress'
 * import { mailcatchTasks } from 'mailcatch/cypress/tasks'
 *
 * export default defineConfig({
 *   e2e: { setupNodeEvents: (on, config) => mailcatchTasks(on, config) },
 *   env: { mailcatchUrl: 'http://localhost:8025' },
 * })
 * ```
 */
export function mailcatchTasks<C extends Config>(on: (...args: never[]) => unknown, config: C): C {
  const { mailcatchUrl } = config.env
  let opening: Promise<MailcatchClient> | undefined
  const client = () => {
    opening ??= typeof mailcatchUrl === 'string' ? connect(mailcatchUrl) : startMailcatch()
    return opening
  }
  const reading = async ({ matcher }: Asked) => (await client()).reading(matcher)
  const tasks: Tasks = {
    'mailcatch:inbox': ({ name }) =>
      answered(async () => {
        const { id, address, url, name: given } = await (await client()).inbox(name)
        return { id, address: address(), url, name: given }
      }),
    'mailcatch:wait': asked =>
      answered(async () => recordOf(await (await reading(asked)).waitFor({}, asked))),
    'mailcatch:none': asked =>
      answered(async () => {
        await (await reading(asked)).none({}, asked)
        return null
      }),
  }
  ;(on as On)('task', tasks)
  return config
}

/** What the library has to say is an answer; anything else is a fault, which Cypress shows. */
async function answered<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof MailcatchError) return { error: error.message }
    throw error
  }
}
