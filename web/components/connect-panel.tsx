import { useSignal } from '@preact/signals'
import { sendTestMail } from '../actions.ts'
import { basePath } from '../base-path.ts'
import { isLive, whyReadOnly } from '../live.ts'
import { recipes } from '../recipes.ts'
import { stats } from '../server-stats.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

const Address = ({ name, value }: { name: string; value: string }) => (
  <div class="connect-value">
    <dt>{name}</dt>
    <dd>
      <code data-testid={`connect-${name.toLowerCase()}`}>{value}</code>
      <CopyButton text={value} label={`Copy the ${name.toLowerCase()}`} />
    </dd>
  </div>
)

const Recipes = ({ host, port }: { host: string; port: number }) => {
  const chosen = useSignal(0)
  const recipe = recipes[chosen.value]
  if (!recipe) return null
  const text = recipe.text(host, port)
  return (
    <div class="recipes">
      <fieldset class="recipe-names">
        <legend class="hidden">Framework</legend>
        {recipes.map(({ name }, at) => (
          <button
            key={name}
            type="button"
            aria-pressed={at === chosen.value}
            onClick={() => {
              chosen.value = at
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <figure class="recipe">
        <figcaption>
          {recipe.file}
          <CopyButton text={text} label={`Copy the settings for ${recipe.name}`} />
        </figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keys */}
        <pre tabIndex={0}>{text}</pre>
      </figure>
    </div>
  )
}

/** How to point an app here: shown while there is no mail, and on its own page. */
export const ConnectPanel = () => {
  const ports = stats.value?.ports
  const host = location.hostname
  const port = ports?.smtp ?? ports?.smtps ?? null
  const mailPort = ports?.pop3 ?? ports?.pop3s ?? null
  return (
    <section class="connect" aria-labelledby="connect-title" data-testid="connect">
      <h1 id="connect-title">Connect your app</h1>
      <p class="lead">
        Send mail to this SMTP server: any address, any credentials. Nothing leaves this machine.
      </p>
      {port === null ? (
        ports && <p class="nothing-here">The SMTP server is switched off.</p>
      ) : (
        <>
          <dl class="connect-values">
            <Address name="Host" value={host} />
            <Address name="Port" value={String(port)} />
          </dl>
          <Recipes host={host} port={port} />
          <p class="connect-tls">
            An app that begins TLS by itself and does not trust Mailcatch’s certificate has to leave
            TLS out, as above, or Mailcatch is started with <code>--no-starttls</code>.
          </p>
        </>
      )}
      {mailPort !== null && (
        <p class="connect-mail" data-testid="connect-mail">
          A mail client reads what was caught by POP3, on port {mailPort}: any user name sees
          everything, an address what was sent to it, any password will do.
        </p>
      )}
      <div class="connect-end">
        <Button
          icon="send"
          kind="primary"
          testId="send-test"
          why={whyReadOnly.value}
          onClick={() => void sendTestMail()}
        >
          Send a test mail
        </Button>
        {isLive.value && (
          <span class="waiting" data-testid="waiting">
            <span class="live-dot" />
            Waiting for mail
          </span>
        )}
        <a class="connect-reference" href={`${basePath}v1/docs`} target="_blank" rel="noreferrer">
          HTTP API
        </a>
      </div>
    </section>
  )
}
