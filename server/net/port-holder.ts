import { get, type IncomingMessage } from 'node:http'

/** Milliseconds. */
const PATIENCE = 1000
const MAX_LENGTH = 64 * 1024

/**
 * Asks whether a mailcatch answers on the web port `httpPort` of this machine and holds `port`.
 * Resolves with its URL, or with null: nobody answers in a second, or it is something else.
 * Asks 127.0.0.1 only, follows nothing, believes nothing but that URL's own port.
 */
export async function findMailcatch(
  port: number,
  httpPort: number,
  basePath: string,
): Promise<string | null> {
  const answer = await ask(httpPort, `${basePath}v1/stats`)
  const isHolder =
    answer.status === 200
      ? statsName(answer.text, port)
      : answer.status === 401 && answer.realm.includes('"Mailcatch"') && port === httpPort
  return isHolder ? `http://localhost:${httpPort}${basePath}` : null
}

/** Whether the text is the stats of a mailcatch that has this port. */
function statsName(text: string, port: number): boolean {
  let stats: unknown
  try {
    stats = JSON.parse(text)
  } catch {
    return false
  }
  const ports = (stats as { ports?: unknown } | null)?.ports
  return typeof ports === 'object' && ports !== null && Object.values(ports).includes(port)
}

type Answer = { readonly status: number; readonly realm: string; readonly text: string }

/** Whatever goes wrong, the answer is the same: nothing known. */
const NOTHING: Answer = { status: 0, realm: '', text: '' }

function ask(port: number, path: string): Promise<Answer> {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, response => {
      readText(response).then(
        text =>
          resolve({
            status: response.statusCode ?? 0,
            realm: response.headers['www-authenticate'] ?? '',
            text,
          }),
        () => request.destroy(),
      )
    })
    const timer = setTimeout(() => request.destroy(), PATIENCE)
    request.on('error', () => resolve(NOTHING))
    request.on('close', () => {
      clearTimeout(timer)
      resolve(NOTHING)
    })
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > MAX_LENGTH) throw new Error('too long')
  }
  return text
}
