import assert from 'node:assert/strict'
import { Wire } from './wire.ts'

/**
 * Plays a conversation as RFCs print them. `C:` is what the client sends (neighbouring lines in one write, which is
 * pipelining; `\r\n` within one is a line end, as in a literal), `S:` is what the server must answer, where `…` stands
 * for anything. `C2:` and `S2:` are another client. `TLS` starts TLS, `CLOSED` wants the server to have closed. Lines
 * that start otherwise are comments.
 */
export function play(port: number, transcript: string): Promise<void> {
  return playOn(() => Wire.open(port), transcript)
}

/** The same with clients that have said something before. */
export async function playOn(open: () => Promise<Wire>, transcript: string): Promise<void> {
  const wires = new Map<string, Wire>()
  const outgoing = new Map<Wire, string>()
  const wireOf = async (client: string): Promise<Wire> => {
    const wire = wires.get(client) ?? (await open())
    wires.set(client, wire)
    return wire
  }
  const flush = () => {
    for (const [wire, text] of outgoing) wire.write(text)
    outgoing.clear()
  }
  try {
    for (const row of transcript.split('\n').map(text => text.trimStart())) {
      const [, side, client = '', text = ''] = /^([CS])(\d?):(?: (.*))?$/.exec(row) ?? []
      if (side === 'C') {
        const wire = await wireOf(client)
        outgoing.set(wire, `${outgoing.get(wire) ?? ''}${text.replaceAll('\\r\\n', '\r\n')}\r\n`)
        continue
      }
      flush()
      if (side === 'S') assertMatches(await (await wireOf(client)).line(), text)
      else if (row === 'TLS') await (await wireOf('')).startTls()
      else if (/^CLOSED\d?$/.test(row)) {
        assert.equal(await (await wireOf(row.slice(6))).line(), null)
      }
    }
    flush()
  } finally {
    for (const wire of wires.values()) wire.destroy()
  }
}

function assertMatches(line: string | null, pattern: string): void {
  if (line === null) assert.fail(`the server closed, wanted: ${pattern}`)
  const pieces = pattern.split('…').map(piece => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  assert.match(line, new RegExp(`^${pieces.join('.*')}$`))
}
