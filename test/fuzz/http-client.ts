import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export type Answered = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Octets of an answer that are read: an export has no end that matters here. */
const MOST = 4_000_000

/**
 * A client that keeps its connection and sends any target that can stand in a request line.
 *
 * @returns null where there was no answer within `patience` ms, or one that does not end.
 */
export const keepAliveClient = (port: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return (
    asked: { method: string; path: string; type: string; body: Buffer },
    patience: number,
  ): Promise<Answered | null> =>
    new Promise((resolve, reject) => {
      const { method, path, type, body } = asked
      const headers = {
        'content-length': body.length,
        ...(type === '' ? {} : { 'content-type': type }),
      }
      const sent = request({ agent, host: '127.0.0.1', port, method, path, headers })
      let isGivenUp = false
      const timer = setTimeout(() => {
        isGivenUp = true
        sent.destroy()
        resolve(null)
      }, patience)
      const end = (act: () => void) => {
        clearTimeout(timer)
        if (!isGivenUp) act()
      }
      sent.on('error', error => end(() => reject(error)))
      sent.on('response', response => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('error', error => end(() => reject(error)))
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size <= MOST) chunks.push(chunk)
        })
        response.on('end', () =>
          end(() =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          ),
        )
      })
      sent.end(body)
    })
}
