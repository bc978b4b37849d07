import { readFileSync } from 'node:fs'

/** How often something tried to leave this network namespace, by each way. */
export type Tried = {
  /** Connections and datagrams to an address that no route leads to: any but this machine's. */
  readonly withoutRoute: number
  /** Datagrams that were sent, even to this machine: a question to a resolver is one. */
  readonly datagrams: number
}

/** What the kernel counted in the namespace of this process (RFC 4293 ipSystemStatsOutNoRoutes, RFC 4113 udpOutDatagrams). */
export const tried = (): Tried => {
  const [names = [], values = []] = ['Ip', 'Udp']
    .map(kind =>
      readFileSync('/proc/self/net/snmp', 'utf8')
        .split('\n')
        .filter(line => line.startsWith(`${kind}:`))
        .map(line => line.split(' ').slice(1)),
    )
    .reduce(([allNames = [], allValues = []], [those = [], theirs = []]) => [
      [...allNames, ...those],
      [...allValues, ...theirs],
    ])
  const six = readFileSync('/proc/self/net/snmp6', 'utf8')
  const count = (name: string, name6: string): number =>
    Number(values[names.indexOf(name)]) +
    Number(new RegExp(`^${name6}\\s+(\\d+)$`, 'm').exec(six)?.[1])
  return {
    withoutRoute: count('OutNoRoutes', 'Ip6OutNoRoutes'),
    datagrams: count('OutDatagrams', 'Udp6OutDatagrams'),
  }
}
