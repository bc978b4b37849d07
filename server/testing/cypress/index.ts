import type { WantedLink } from '../extraction.ts'
import type { Match } from '../match.ts'
import { type CypressGlobals, type CypressOptions, defineCommands } from './commands.ts'
import type { InboxRecord, MailRecord } from './record.ts'

/**
 * For the support file of Cypress: `import 'mailcatch/cypress'` defines the commands. The tasks that they ask are those of
 * `mailcatch/cypress/tasks`.
 */

defineCommands(globalThis as unknown as CypressGlobals)

export type { CypressOptions } from './commands.ts'
export type { InboxRecord, MailRecord } from './record.ts'

declare global {
  namespace Cypress {
    // biome-ignore lint/suspicious/noExplicitAny: as Cypress declares it
    interface Chainable<Subject = any> {
      /**
       * Makes an inbox for this test, which the other commands then look into.
       *
       * @example
       * cy.mailInbox().then(({ address }) => cy.get('#email').type(address))
       */
      mailInbox(name?: string): Chainable<InboxRecord>
      /**
       * The newest mail that matches; retries until there is one, and with it what is asserted of it.
       *
       * @example
       * cy.mail('Welcome').its('text').should('contain', 'Ann')
       */
      mail(match?: Match, options?: CypressOptions): Chainable<MailRecord>
      /**
       * The one-time code of the newest mail that matches.
       *
       * @example
       * cy.mailCode('Your code').then(code => cy.get('#code').type(code))
       */
      mailCode(match?: Match, options?: CypressOptions): Chainable<string>
      /**
       * The address of a link in the newest mail that matches.
       *
       * @example
       * cy.mailLink('Verify', 'Verify e-mail').then(href => cy.visit(href))
       */
      mailLink(match?: Match, wanted?: WantedLink, options?: CypressOptions): Chainable<string>
      /** Proves that no mail matches, neither one that is there nor one that is being sent. */
      mailNone(
        match?: Match,
        options?: CypressOptions & { readonly settle?: number },
      ): Chainable<null>
    }
  }
}
