import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { createLog } from '../../server/log.ts'
import { launch } from '../../server/mailcatch.ts'
import { libraryOptions } from '../../server/options.ts'
import { look } from './sight.ts'
import { storeTarget } from './target.ts'

/**
 * A Mailcatch that is to be killed, with one more door: what mail clients do comes as lines of JSON over a socket of this
 * machine, `{ id, method, args }`, and is answered by `{ id, result }` or `{ id, error }`.
 */

const [directory = '', maxMessages = '0'] = process.argv.slice(2)

// What is measured is the store and its ports, not how long tsx takes to read their sources.
await Promise.all([
  import('../../server/smtp/server.ts'),
  import('../../server/pop3/server.ts'),
  import('../../server/http/server.ts'),
  import('../../server/http/service.ts'),
])
const start = performance.now()
const { store, ports, url, close } = await launch(
  libraryOptions({
    memory: false,
    data: directory,
    maxMessages: Number(maxMessages),
    smtpPort: 0,
    httpPort: 0,
    pop3Port: null,
    imapPort: null,
  }),
  { log: createLog('quiet'), keepsProcessAlive: true },
)
const opened = performance.now() - start

const methods: Record<string, (...args: never[]) => Promise<unknown>> = {
  ...storeTarget(store),
  look: (since: Record<string, number>) => look(store, since),
}

const answer = async (socket: Socket, line: string): Promise<void> => {
  const { id, method, args } = JSON.parse(line) as { id: number; method: string; args: never[] }
  let reply: object
  try {
    const result = await methods[method]?.(...args)
    reply = { id, result }
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException
    reply = { id, error: { name, code, message } }
  }
  socket.write(`${JSON.stringify(reply)}\n`)
}

const door = createServer(socket => {
  const lines = createInterface({ input: socket })
  lines.on('line', line => void answer(socket, line))
  // Who asked has gone.
  lines.on('error', () => {})
  socket.on('error', () => {})
})
process.once('SIGTERM', () => {
  door.close()
  void close().then(() => process.exit(0))
})

door.listen(0, '127.0.0.1', () => {
  const { port } = door.address() as { port: number }
  process.stdout.write(`${JSON.stringify({ url, smtp: ports.smtp, door: port, opened })}\n`)
})
