import { get } from 'node:http'

const PATIENCE = 1000
const MAX_OCTETS = 64 * 1024

/**
 * Asks whether a mailcatch already runs behind the web port `httpPort` of this machine and holds `port`.
 * Resolves with its URL, or with null: nobody answers in a second, or it is something else.
 * Asks 127.0.0.1 only, follows nothing.
 */
export async function findMailcatch(
  port: number,
  httpPort: number,
  basePath: string,
): Promise<string | null> {
  const text = await fetchText(httpPort, `${basePath}v1/stats`)
  if (text === null) return null
  return isHolder(text, port) ? `http://localhost:${httpPort}${basePath}` : null
}

function isHolder(text: string, port: number): boolean {
  let stats: unknown
  try {
    stats = JSON.parse(text)
  } catch {
    return false
  }
  const ports = (stats as { ports?: unknown } | null)?.ports
  return typeof ports === 'object' && ports !== null && Object.values(ports).includes(port)
}

function fetchText(port: number, path: string): Promise<string | null> {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, path, timeout: PATIENCE }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_OCTETS) request.destroy()
      })
      response.on('end', () => resolve(response.statusCode === 200 ? text : null))
      response.on('error', () => resolve(null))
    })
    const timer = setTimeout(() => request.destroy(), PATIENCE)
    // Whatever goes wrong, the answer is the same: not known to be ours.
    request.on('error', () => resolve(null))
    request.on('timeout', () => request.destroy())
    request.on('close', () => {
      clearTimeout(timer)
      resolve(null)
    })
  })
}
