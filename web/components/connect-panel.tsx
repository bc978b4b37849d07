import './connect.css'
import { sendTestMail } from '../actions.ts'
import { basePath } from '../base-path.ts'
import { isLive, whyReadOnly } from '../live.ts'
import { recipes } from '../recipes.ts'
import { stats } from '../server-stats.ts'
import { framework } from '../settings.ts'
import { laterStrings } from '../strings-later.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

const words = laterStrings.connect

const Address = ({
  name,
  value,
  label,
  testId,
}: {
  name: string
  value: string
  label: string
  testId: string
}) => (
  <div class="connect-value">
    <dt>{name}</dt>
    <dd>
      <code data-testid={testId}>{value}</code>
      <CopyButton text={value} label={label} />
    </dd>
  </div>
)

const Recipes = ({ host, port }: { host: string; port: number }) => {
  const recipe = recipes.find(({ name }) => name === framework.value) ?? recipes[0]
  if (!recipe) return null
  const text = recipe.text(host, port)
  return (
    <div class="recipes">
      <fieldset class="recipe-names">
        <legend class="hidden">{words.framework}</legend>
        {recipes.map(({ name }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === recipe.name}
            onClick={() => (framework.value = name)}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <figure class="recipe">
        <figcaption>
          {recipe.file}
          <CopyButton text={text} label={words.copyRecipe(recipe.name)} />
        </figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keys */}
        <pre tabIndex={0} data-testid="recipe">
          {text}
        </pre>
      </figure>
    </div>
  )
}

/** Where a mail client finds what was caught. */
const MailClients = () => {
  const ports = stats.value?.ports
  if (!ports) return null
  const rows = [
    { name: 'IMAP', plain: ports.imap, tls: ports.imaps },
    { name: 'POP3', plain: ports.pop3, tls: ports.pop3s },
  ].filter(({ plain, tls }) => plain !== null || tls !== null)
  if (rows.length === 0) return null
  return (
    <div class="connect-mail" data-testid="connect-mail">
      <h2>{words.mailClients}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.protocol}</th>
            <th scope="col">{words.plainPort}</th>
            <th scope="col">{words.tlsPort}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, plain, tls }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{plain ?? words.off}</td>
              <td>{tls ?? words.off}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{words.mailClientsLead}</p>
    </div>
  )
}

/** How to point an app here: shown while there is no mail, and on its own page. */
export const ConnectPanel = () => {
  const ports = stats.value?.ports
  const host = location.hostname
  const port = ports?.smtp ?? ports?.smtps ?? null
  return (
    <section class="connect" aria-labelledby="connect-title" data-testid="connect">
      <h1 id="connect-title">{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {port === null ? (
        ports && <p class="nothing-here">{words.noSmtp}</p>
      ) : (
        <>
          <dl class="connect-values">
            <Address name={words.host} value={host} label={words.copyHost} testId="connect-host" />
            <Address
              name={words.port}
              value={String(port)}
              label={words.copyPort}
              testId="connect-port"
            />
          </dl>
          <Recipes host={host} port={port} />
          <p class="connect-tls">
            {words.tls} <code>--no-starttls</code>.
          </p>
        </>
      )}
      <div class="connect-end">
        <Button
          icon="send"
          kind="primary"
          testId="send-test"
          why={whyReadOnly.value}
          onClick={() => void sendTestMail()}
        >
          {words.sendTest}
        </Button>
        {isLive.value && (
          <span class="waiting" data-testid="waiting">
            <span class="live-dot" />
            {words.waiting}
          </span>
        )}
        <a class="connect-reference" href={`${basePath}v1/docs`} target="_blank" rel="noreferrer">
          {words.api}
        </a>
      </div>
      <MailClients />
    </section>
  )
}
