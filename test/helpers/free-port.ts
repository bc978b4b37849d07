import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that nobody has just now. */
export const freePort = async (): Promise<number> => (await freePorts('port')).port

/** Ports of 127.0.0.1 that nobody has just now, each another one, by what they are for. */
export async function freePorts<Name extends string>(
  ...names: readonly Name[]
): Promise<Record<Name, number>> {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  })
  for (const server of servers) server.close()
  await Promise.all(servers.map(server => once(server, 'close')))
  return Object.fromEntries(names.map((name, at) => [name, ports[at]])) as Record<Name, number>
}
