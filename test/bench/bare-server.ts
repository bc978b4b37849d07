import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** The baseline: smtp-server that takes everything and keeps nothing. Prints its port. */
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, callback) {
    stream.on('data', () => {})
    stream.on('end', () => callback())
  },
})
server.server.on('connection', socket => socket.setNoDelay(true))
server.on('error', error => process.stderr.write(`${error.message}\n`))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.server.address() as AddressInfo).port}\n`)
})
