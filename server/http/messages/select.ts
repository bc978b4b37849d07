import * as z from 'zod'
import { selectedElements } from '../documents.ts'
import { matcherQuery } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import type { SelectedElements } from '../resources.ts'
import { json, route } from '../route.ts'
import { find, gone, idOrLatest, reading } from './found.ts'

const css = z.string().min(1).max(1_000).meta({ description: 'A CSS selector' })

/** `GET /v1/messages/{id}/select`: elements of the HTML. */
export const selectInMessage = route({
  method: 'get',
  path: '/v1/messages/{id}/select',
  summary: 'Get the elements of the HTML that a CSS selector matches',
  group: 'Messages',
  example: `curl -s --get '/v1/messages/latest/select' --data-urlencode 'css=a[href]'`,
  description:
    'In document order: at most 1,000 elements with 2 Mi characters of HTML in all, of as many as `total` says; none ' +
    'where the message has no HTML.',
  parameters: { id: idOrLatest },
  query: { css, ...matcherQuery },
  answers: { 200: { description: 'The elements', schema: selectedElements } },
  async handle({ path, query, incoming, http }) {
    const { store, selecting } = http
    const { number, message } = await find(path.id, query, http)
    if (message.parsed === 'failed') {
      throw new HttpProblem(422, `Message ${number} could not be parsed.`)
    }
    const selected = await selecting.run(incoming, () =>
      reading(number, store, () => store.selectIn(number, query.css)),
    )
    if (!selected) throw gone(number)
    if ('elements' in selected) return json(selected satisfies SelectedElements)
    throw new HttpProblem(400, `css is not a selector for this message: ${selected.fault}.`, {
      parameter: 'css',
    })
  },
})
