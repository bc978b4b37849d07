import type { MessageDetail } from '../../server/http/resources.ts'
import { formatFullTime, formatSize } from '../format.ts'
import { ScrollRegion } from './scroll-region.tsx'

/** Header fields shown at most. */
const most = 2000

/** How the message came to us: what SMTP said, apart from what the message says of itself. */
const receptionOf = (message: MessageDetail): readonly (readonly [string, string])[] => {
  const { envelope, reception } = message
  const { peer, tls } = reception
  const rows: [string, string | undefined][] = [
    ['MAIL FROM', envelope.mailFrom || '<> (null path)'],
    ['RCPT TO', envelope.rcptTo.join(', ')],
    ['Received', `${formatFullTime(message.receivedAt)} by ${reception.listener}`],
    ['HELO', reception.helo],
    ['Peer', peer && `${peer.address} port ${peer.port}`],
    ['TLS', tls && `${tls.protocol}, ${tls.cipher}`],
    ['User', reception.authUser],
    ['Size', formatSize(message.size)],
  ]
  return rows.flatMap(([name, value]) => (value ? [[name, value] as const] : []))
}

export const HeadersTable = ({ message }: { message: MessageDetail }) => {
  const rest = message.headers.length - most
  return (
    <ScrollRegion class="headers-view" label="Headers of the message" testId="headers">
      {message.warnings.length > 0 && (
        <>
          <h3>Warnings</h3>
          <ul class="warnings">
            {message.warnings.slice(0, 100).map((warning, at) => (
              <li key={at}>{warning}</li>
            ))}
          </ul>
        </>
      )}
      <h3>Envelope</h3>
      <table class="headers">
        <tbody>
          {receptionOf(message).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>Header fields</h3>
      <table class="headers">
        <tbody>
          {message.headers.slice(0, most).map(({ name, value }, at) => (
            <tr key={at}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p class="quiet">And {rest} more: see the source.</p>}
    </ScrollRegion>
  )
}
