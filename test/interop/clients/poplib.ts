import { fileURLToPath } from 'node:url'
import { run } from '../../helpers/program.ts'
import type { Pop3Client } from './account.ts'

const SCRIPT = fileURLToPath(new URL('./poplib-client.py', import.meta.url))

export const poplib: Pop3Client = {
  name: 'Python poplib',
  programs: ['python3'],
  tls: ['none', 'starttls', 'implicit'],
  remembers: false,
  async fetch({ host, port, tls, user, password, caFile }, removes) {
    const args = [host, String(port), tls, user, password, caFile, removes ? 'True' : 'False']
    const { stdout } = await run('python3', ['-B', SCRIPT, ...args])
    return stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => Buffer.from(line, 'base64'))
  },
}
