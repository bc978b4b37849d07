import type { ComponentChildren } from 'preact'
import type { MessageDetail } from '../../server/http/resources.ts'
import { formatFullTime, formatNumber, formatSize } from '../format.ts'
import { laterStrings } from '../strings-later.ts'
import { Growing } from './growing.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { ShownText } from './shown-text.tsx'
import './inspect.css'

const Row = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{children}</td>
  </tr>
)

const Envelope = ({ message: { id, envelope } }: { message: MessageDetail }) => {
  const words = laterStrings.smtp
  return (
    <table class="headers">
      <tbody>
        <Row name={words.mailFrom}>
          {envelope.mailFrom ? <ShownText text={envelope.mailFrom} /> : words.nullPath}
        </Row>
        <Row name={words.rcptTo}>
          {envelope.rcptTo.length === 0 && words.noRecipients}
          <ul class="paths">
            <Growing items={envelope.rcptTo} of={id} end={mark => <li ref={mark}>…</li>}>
              {path => (
                <li key={path}>
                  <ShownText text={path} />
                </li>
              )}
            </Growing>
          </ul>
        </Row>
      </tbody>
    </table>
  )
}

const Connection = ({ message }: { message: MessageDetail }) => {
  const words = laterStrings.smtp
  const { listener, helo, peer, tls, authUser } = message.reception
  return (
    <table class="headers">
      <tbody>
        <Row name={words.received}>{formatFullTime(message.receivedAt)}</Row>
        <Row name={words.listener}>{listener}</Row>
        {helo !== undefined && (
          <Row name={words.helo}>
            <ShownText text={helo} />
          </Row>
        )}
        {peer && <Row name={words.peer}>{words.peerAt(peer.address, peer.port)}</Row>}
        {peer && <Row name={words.tls}>{tls ? `${tls.protocol}, ${tls.cipher}` : words.noTls}</Row>}
        {peer && (
          <Row name={words.user}>
            {authUser === undefined ? words.noUser : <ShownText text={authUser} />}
          </Row>
        )}
        <Row name={words.size}>
          {words.octets(formatSize(message.size), formatNumber(message.size))}
        </Row>
      </tbody>
    </table>
  )
}

/** What was asked for with DSN parameters (RFC 3461); nothing where nothing was. */
const Dsn = ({ message: { id, reception } }: { message: MessageDetail }) => {
  const words = laterStrings.smtp
  const { dsn } = reception
  if (!dsn) return null
  const recipients = (dsn.recipients ?? []).filter(({ notify, orcpt }) => notify || orcpt)
  return (
    <>
      <h3>{words.dsn}</h3>
      <table class="headers">
        <tbody>
          {dsn.ret !== undefined && <Row name={words.ret}>{dsn.ret}</Row>}
          {dsn.envid !== undefined && (
            <Row name={words.envid}>
              <ShownText text={dsn.envid} />
            </Row>
          )}
          <Growing
            items={recipients}
            of={id}
            end={mark => (
              <tr ref={mark}>
                <td colSpan={2}>…</td>
              </tr>
            )}
          >
            {({ address, notify, orcpt }) => (
              <Row key={address} name={address}>
                {notify && <p>{`${words.notify} ${notify.join(', ')}`}</p>}
                {orcpt !== undefined && (
                  <p>
                    {words.orcpt} <ShownText text={orcpt} />
                  </p>
                )}
              </Row>
            )}
          </Growing>
        </tbody>
      </table>
    </>
  )
}

/** How the message came to us. */
export const SmtpView = ({ message }: { message: MessageDetail }) => {
  const words = laterStrings.smtp
  return (
    <ScrollRegion class="headers-view" label={words.label} testId="smtp">
      <h3>{words.envelope}</h3>
      <p class="quiet">{words.envelopeWhy}</p>
      <Envelope message={message} />
      <h3>{words.connection}</h3>
      {!message.reception.peer && <p class="quiet">{words.notSmtp}</p>}
      <Connection message={message} />
      <Dsn message={message} />
    </ScrollRegion>
  )
}
