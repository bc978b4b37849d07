import { connect } from 'node:net'

export type RawAnswer = {
  readonly status: number
  /** The header fields as they came, without Date, and with nothing that says how the connection goes on. */
  readonly fields: string
  readonly body: string
}

/** Requests that lie in a pipeline together: far fewer than a server bears with. */
const together = 50

/**
 * Sends requests as they are, one behind the other on one connection, and takes their answers. Rejects where the
 * connection ends before the last.
 */
export async function pipeline(port: number, requests: readonly string[]): Promise<RawAnswer[]> {
  if (requests.length === 0) return []
  return new Promise((resolve, reject) => {
    const answers: RawAnswer[] = []
    let sent = 0
    let text = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('close', () => {
      const next = requests[answers.length]
      if (next !== undefined) reject(new Error(`no answer to ${JSON.stringify(next)}: ${text}`))
    })
    socket.on('data', chunk => {
      text += chunk
      let at = 0
      for (;;) {
        const read = readAnswer(text, at, requests[answers.length]?.startsWith('HEAD ') ?? false)
        if (!read) break
        answers.push(read.answer)
        at = read.end
      }
      text = text.slice(at)
      if (answers.length < requests.length) {
        if (answers.length === sent) send()
        return
      }
      resolve(answers)
      socket.destroy()
    })
    const send = () => {
      const next = requests.slice(sent, sent + together)
      sent += next.length
      socket.write(next.join(''), 'latin1')
    }
    send()
  })
}

/** One answer from `at` on; undefined while it is not whole. */
function readAnswer(
  text: string,
  at: number,
  isHead: boolean,
): { answer: RawAnswer; end: number } | undefined {
  const endOfHead = text.indexOf('\r\n\r\n', at)
  if (endOfHead < 0) return undefined
  const [statusLine = '', ...lines] = text.slice(at, endOfHead).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
  const fields = lines.filter(line => !/^(?:date|connection|keep-alive):/i.test(line)).join('\n')
  const length = Number(/^content-length: (\d+)$/im.exec(fields)?.[1] ?? 0)
  const start = endOfHead + 4
  const end = isHead || status === 204 ? start : start + length
  if (text.length < end) return undefined
  return { answer: { status, fields, body: text.slice(start, end) }, end }
}
