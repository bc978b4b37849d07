import { html, raw } from 'hono/html'
import type { HttpContext } from '../context.ts'
import { matcherQuery } from '../matcher.ts'
import { describeApi, operationId } from '../openapi.ts'
import { isRepeatable, type Shape } from '../query.ts'
import { groups, type Route } from '../route.ts'
import { type JsonSchema, limitsOf, type Member, membersOf, typeOf } from './json-schema.ts'
import { searchLanguage } from './search-language.ts'
import { docsPolicy, docsStyle } from './style.ts'

/**
 * The reference for people: what `/v1/openapi.json` says, as one page without scripts. Everything goes into the page
 * through `html`, which escapes it.
 */

type Html = ReturnType<typeof html>
type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>
type Parameter = {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}
type Operation = {
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Content }>
  >
}
type Api = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

/** The page at `/v1/docs`. `host` is what the browser calls us, so that the examples can be pasted as they are. */
export async function reference(
  routes: readonly Route[],
  host: string,
  { version, basePath, auth, store }: HttpContext,
): Promise<Response> {
  const api = describeApi(routes, version, basePath) as unknown as Api
  const { entries } = await store.list({}, { limit: 1 })
  const base = `http://${host}${basePath}`
  const exampleOf = ({ example }: Route): string =>
    example
      .replace(/^curl/, auth ? 'curl -u "$MAILCATCH_AUTH"' : 'curl')
      .replace("'/", `'${base}`)
      .replace('{id}', `${entries[0]?.number ?? 1}`)
      .replace('{inbox}', store.inboxes.all().at(-1)?.id ?? 'inbox-1')
  const chapters = groups.map(group => ({
    group,
    calls: routes.filter(route => route.group === group),
  }))
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailcatch API</title>
<style>${raw(docsStyle)}</style>
</head>
<body>
<nav aria-label="Contents">
<p><a href="${basePath}">Inbox</a></p>
${chapters.map(
  ({ group, calls }) => html`<p><a href="#${group}">${group}</a></p>
<ul>${calls.map(each => html`<li><a href="#${operationId(each)}">${heading(each)}</a></li>`)}</ul>`,
)}
<p><a href="#Matcher">The matcher</a></p>
<p><a href="#Search">The search language</a></p>
<p><a href="#Schemas">Schemas</a></p>
</nav>
<main>
<h1>Mailcatch API</h1>
<p class="muted">Version ${version}, at <code>${base}</code>; the same for programs: <a
href="${basePath}v1/openapi.json">OpenAPI 3.1</a>.</p>
<p>Reading changes nothing. What is unknown, empty or malformed is refused with a
<a href="#Problem">problem document</a> (RFC 9457) that names the field, never guessed. A call that changes or deletes
several messages has to say which: a <a href="#Matcher">matcher</a>, <code>ids=</code> or <code>all=true</code>. A body
is <code>application/json</code> or <code>message/rfc822</code>, and has to say so.</p>
${
  auth &&
  html`<p>Every call but <code>/livez</code> and <code>/readyz</code> needs the login of <code>--auth</code>: HTTP Basic,
or the password alone as a Bearer token. The examples take it from the variable <code>MAILCATCH_AUTH</code>
(<code>user:password</code>).</p>`
}
${chapters.map(
  ({ group, calls }) => html`<section aria-labelledby="${group}">
<h2 id="${group}">${group}</h2>
${calls.map(each => call(each, api, exampleOf(each)))}
</section>`,
)}
${matcherSection(api)}
${searchSection(base, auth !== null)}
<section aria-labelledby="Schemas">
<h2 id="Schemas">Schemas</h2>
${Object.entries(api.components.schemas).map(schemaArticle)}
</section>
</main>
</body>
</html>
`
  return new Response(String(page), {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': docsPolicy },
  })
}

const heading = ({ method, path }: Route): Html =>
  html`<span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>`

/** One call: what it is for, what it takes, what it answers, and how to try it. */
function call(route: Route, api: Api, example: string): Html {
  const operation = api.paths[route.path]?.[route.method]
  if (!operation) throw new Error(`${route.path} is not described`)
  const { parameters, requestBody, responses } = operation
  const own = parameters.filter(({ name }) => !isMatcherKey(route.query, name))
  const answers = Object.entries(responses).filter(([status]) => status !== 'default')
  return html`<article aria-labelledby="${operationId(route)}">
<h3 id="${operationId(route)}">${heading(route)}</h3>
<p>${prose(route.summary)}.</p>
${route.description && html`<p>${prose(route.description)}</p>`}
${
  parameters.length > 0 &&
  html`<h4>Parameters</h4>
<dl class="fields">${own.map(each => parameter(each, isRepeatable(schemaOf(route, each))))}</dl>
${
  own.length < parameters.length &&
  html`<p class="muted">And the keys of <a href="#Matcher">the matcher</a>.</p>`
}`
}
${requestBody && html`<h4>Body${requestBody.required ? '' : ', may be left out'}</h4>${content(requestBody.content)}`}
<h4>Answer</h4>
${answers.map(
  ([status, answer]) => html`<p><code>${status}</code> ${prose(answer.description)}</p>
${content(answer.content)}`,
)}
<h4>Example</h4>
${commandLine(example, `${operationId(route)}-example`)}
</article>`
}

const schemaOf = ({ parameters, query }: Route, { name, in: place }: Parameter) => {
  const schema = (place === 'path' ? parameters : query)[name]
  if (!schema) throw new Error(`${name} has no schema`)
  return schema
}

const matcherKeys: Shape = matcherQuery
const isMatcherKey = (query: Shape, name: string): boolean =>
  Object.hasOwn(matcherKeys, name) && query[name] === matcherKeys[name]

/** A region that scrolls sideways has to be reachable by keys. */
const commandLine = (text: string, id: string): Html =>
  html`<pre id="${id}" tabindex="0">${text}</pre>`

/** A parameter of a list is one value of it, given as often as there are values. */
function parameter({ name, in: place, required, description, schema }: Parameter, isList: boolean) {
  const limits = [
    ...(isList ? ['repeatable'] : []),
    ...limitsOf(isList && schema.items ? schema.items : schema),
    ...(isList && schema.maxItems !== undefined ? [`at most ${schema.maxItems} times`] : []),
    ...(place === 'path' ? ['in the path'] : required ? ['required'] : []),
  ]
  return field(name, isList && schema.items ? schema.items : schema, limits, description)
}

const member = ({ name, schema, isRequired }: Member): Html =>
  field(
    name,
    schema,
    [...limitsOf(schema), ...(isRequired ? [] : ['optional'])],
    schema.description,
  )

const field = (name: string, schema: JsonSchema, limits: string[], description?: string): Html =>
  html`<div><dt><code>${name}</code></dt>
<dd class="type">${typeText(schema)}${limits.map(limit => `, ${limit}`)}</dd>
${description && html`<dd>${prose(description)}</dd>`}</div>`

const typeText = (schema: JsonSchema): (string | Html)[] =>
  typeOf(schema).map(piece => {
    if (typeof piece === 'string') return piece
    if ('ref' in piece) return html`<a href="#${piece.ref}">${piece.ref}</a>`
    return html`<code>${piece.value}</code>`
  })

/** The media types of a body, with the schema where there is one. */
const content = (types: Content): Html[] =>
  Object.entries(types).map(
    ([type, { schema }]) => html`<p><code>${type}</code>${schema && html`: ${typeText(schema)}`}</p>
${schema?.properties && members(schema)}`,
  )

const members = (schema: JsonSchema): Html =>
  html`<dl class="fields">${[...membersOf(schema)].map(member)}</dl>`

function schemaArticle([name, schema]: [string, JsonSchema]): Html {
  // The matcher has a chapter of its own.
  if (name === 'Matcher') return html``
  return html`<article aria-labelledby="${name}">
<h3 id="${name}">${name}</h3>
${schema.description && html`<p>${prose(schema.description)}</p>`}
${schema.properties ? members(schema) : html`<p>${typeText(schema)}</p>`}
${schema.anyOf?.filter(({ properties }) => properties).map(members)}
</article>`
}

function matcherSection(api: Api): Html {
  const keys = api.paths['/v1/messages']?.get?.parameters ?? []
  return html`<section aria-labelledby="Matcher">
<h2 id="Matcher">The matcher</h2>
<p>One language for reading, changing and deleting. All keys must hold; a key that is given twice must hold twice.
Addresses are compared whole and whatever their case, with <code>*</code> as a wildcard; text is looked for in what was
decoded, whatever its case. A value <code>/…/</code> or <code>/…/i</code> is a regular expression (a leading
<code>\\/</code> is a plain <code>/</code>).</p>
<p>In JSON (the body of a call that waits, else a member of the body) the keys are the same, a list stands for a key that is given
twice, header fields are <code>"header": { "NAME": "text" }</code>, and there are two more: <code>"any": [ … ]</code>,
of whose matchers one must hold, and <code>"not": { … }</code>, which must not.</p>
<dl class="fields">${keys
    .filter(({ name }) => Object.hasOwn(matcherKeys, name))
    .map(each => parameter(each, isRepeatable(matcherKeys[each.name] as Shape[string])))}</dl>
</section>`
}

function searchSection(base: string, hasAuth: boolean): Html {
  const login = hasAuth ? ' -u "$MAILCATCH_AUTH"' : ''
  return html`<section aria-labelledby="Search">
<h2 id="Search">The search language</h2>
<p>What the search box takes, and the matcher's <code>q</code>. Everything must hold; <code>OR</code> has to be written
in capitals; a value with spaces goes into quotation marks. What cannot be read is a 400 that points at the place
(<code>position</code>).</p>
${commandLine(`curl${login} -s --get '${base}v1/messages' --data-urlencode 'q=subject:welcome newer:1h'`, 'Search-example')}
<dl class="fields two">${searchLanguage.map(
    ([example, meaning]) =>
      html`<div><dt><code>${example}</code></dt><dd>${prose(meaning)}</dd></div>`,
  )}</dl>
</section>`
}

/** A sentence in which `code` stands between backticks. */
const prose = (text: string): (string | Html)[] =>
  text.split('`').map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece))
