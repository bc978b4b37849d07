import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { makeConsumer } from '../../helpers/consumer.ts'
import { isToolMissing, modulesOf } from '../../helpers/npm-tools.ts'
import { run } from '../../helpers/program.ts'
import { snippet } from '../../helpers/snippets.ts'

const TYPESCRIPT = fileURLToPath(
  new URL('../../../node_modules/typescript/bin/tsc', import.meta.url),
)

/** The files of the README, and what must and must not be, against the types that Cypress publishes. */
test("the commands and the tasks fit into Cypress' own types", async t => {
  if (isToolMissing(t, 'cypress')) return
  const modules = modulesOf('cypress')
  const consumer = makeConsumer({ cypress: modules })
  t.after(() => consumer.remove())
  consumer.write('cypress.config.ts', snippet('cypress.config.js'))
  consumer.write('sign-up.cy.ts', snippet('cypress/e2e/sign-up.cy.js'))
  consumer.write(
    'commands.cy.ts',
    `import 'mailcatch/cypress'

cy.mail({ subject: /^a/, to: ['a@b.test'] }, { timeout: 1 }).its('from').should('have.length', 1)
cy.mail().then(({ subject, codes, links }) => [subject.length, codes[0]?.value, links[0]?.href])
cy.mailCode('Your code').then(code => cy.get('#code').type(code))
cy.mailLink({}, { kind: 'action' }).then(href => cy.visit(href))
cy.mailLink('Verify', /e-mail/, { log: false }).should('match', /token=/)
cy.mailNone({ subject: 'Invoice' }, { settle: 100 })
cy.mailInbox('name').its('address').then(address => cy.get('input').type(address))
// @ts-expect-error: there is no such key
cy.mail({ subjct: 'x' })
// @ts-expect-error: a mail has no such property
cy.mail().then(({ body }) => body)
`,
  )
  const options = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'ESNext.Disposable'],
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    // Theirs do not all fit together; that ours do is checked in the test of the package.
    skipLibCheck: true,
    types: ['cypress'],
  }
  const include = ['*.ts']
  consumer.write('tsconfig.json', JSON.stringify({ compilerOptions: options, include }))
  const { stdout } = await run(process.execPath, [TYPESCRIPT, '-p', consumer.folder], {
    accepts: [0, 1, 2],
  })
  assert.equal(stdout, '')
})
