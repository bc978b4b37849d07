import assert from 'node:assert/strict'
import { Wire } from './wire.ts'

/**
 * Plays a conversation as RFCs print them. `C:` is what the client sends (neighbouring lines in one write, which is
 * pipelining), `S:` is what the server must answer, where `…` stands for anything. `TLS` starts TLS, `CLOSED` wants
 * the server to have closed. Lines that start otherwise are comments.
 */
export async function play(port: number, transcript: string): Promise<void> {
  const wire = await Wire.open(port)
  let outgoing = ''
  const flush = () => {
    if (outgoing !== '') wire.write(outgoing)
    outgoing = ''
  }
  try {
    for (const row of transcript.split('\n').map(text => text.trimStart())) {
      if (row.startsWith('C:')) {
        outgoing += `${row.slice(3)}\r\n`
        continue
      }
      flush()
      if (row.startsWith('S:')) assertMatches(await wire.line(), row.slice(3))
      else if (row === 'TLS') await wire.startTls()
      else if (row === 'CLOSED') assert.equal(await wire.line(), null)
    }
    flush()
  } finally {
    wire.destroy()
  }
}

function assertMatches(line: string | null, pattern: string): void {
  if (line === null) assert.fail(`the server closed, wanted: ${pattern}`)
  const pieces = pattern.split('…').map(piece => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  assert.match(line, new RegExp(`^${pieces.join('.*')}$`))
}
