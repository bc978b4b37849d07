import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { recipes } from '../../web/recipes.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** What the README says of a framework: the same text as the connect panel's, for the usual port. */
const section = ({ name, file, language, text }: (typeof recipes)[number]): string =>
  `<details><summary>${name}: <code>${file}</code></summary>

\`\`\`${language}
${text('localhost', 1025)}
\`\`\`

</details>`

describe('the recipes', () => {
  it('are those of the README', () => {
    const from = readme.indexOf('<!-- recipes -->')
    const to = readme.indexOf('<!-- end of the recipes -->')
    assert.equal(from >= 0 && to > from, true)
    assert.equal(
      readme.slice(from, to),
      `<!-- recipes -->\n${recipes.map(section).join('\n')}\n`,
      'web/recipes.ts has it otherwise',
    )
  })

  it('name host and port, each framework once', () => {
    assert.equal(new Set(recipes.map(({ name }) => name)).size, recipes.length)
    for (const { name, text } of recipes) {
      // These find it by themselves.
      if (['Docker Compose', 'GitHub Actions', 'PHP'].includes(name)) continue
      assert.match(text('mail.local', 2525), /mail\.local/, name)
      assert.match(text('mail.local', 2525), /2525/, name)
    }
  })
})
