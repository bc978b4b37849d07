/**
 * Proves that nothing goes out: loaded by `--import` into every test process, and by NODE_OPTIONS into every Node
 * process that one starts. A connection to anything but this machine, a datagram or a DNS question throws, is told on
 * stderr with its stack, and makes the exit code of the process 97, whatever catches the error.
 */

import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const EXIT_CODE = 97
const SELF = import.meta.url

// The method of a class or module as we replace it: called with whatever the caller gives.
type Method = (this: unknown, ...args: unknown[]) => unknown
type Methods = Record<string, Method>

function forbid(what: string): never {
  const error = new Error(`outgoing: ${what}`)
  process.on('exit', () => {
    process.exitCode = EXIT_CODE
  })
  process.stderr.write(`${error.stack}\n`)
  throw error
}

const LOCAL = new net.BlockList()
LOCAL.addSubnet('127.0.0.0', 8)
LOCAL.addAddress('::1', 'ipv6')
// Where a server listens on all addresses, a client may come to it by these.
LOCAL.addAddress('0.0.0.0')
LOCAL.addAddress('::', 'ipv6')

function isLocal(host: unknown): boolean {
  if (host === undefined || host === null || host === '') return true
  const name = String(host).replace(/^\[|\]$/g, '')
  if (net.isIP(name) === 0) return /^(?:.+\.)?localhost\.?$/i.test(name)
  return LOCAL.check(name, net.isIPv6(name) ? 'ipv6' : 'ipv4')
}

/** Calls `check` before each call of a method. */
function guard(owner: object, name: string, check: (args: readonly unknown[]) => void): void {
  const methods = owner as Methods
  const original = methods[name]
  if (typeof original !== 'function') return
  methods[name] = function (this: unknown, ...args) {
    check(args)
    return original.apply(this, args)
  }
}

function guardConnections(): void {
  guard(net.Socket.prototype, 'connect', args => {
    // net.connect hands on what it has normalised: one array of the options and the callback.
    const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
    if (typeof first === 'object' && first !== null) {
      const { path, host } = first as { path?: unknown; host?: unknown }
      if (!path && !isLocal(host)) forbid(`connect to ${String(host)}`)
    } else if (Number.isInteger(Number(first)) && typeof second === 'string' && !isLocal(second)) {
      forbid(`connect to ${second}`)
    }
  })
}

function guardDatagrams(): void {
  guard(dgram.Socket.prototype, 'connect', ([, address]) => {
    if (typeof address === 'string' && !isLocal(address)) forbid(`datagrams to ${address}`)
  })
  // The address is the only text behind the message itself.
  guard(dgram.Socket.prototype, 'send', ([, ...rest]) => {
    const address = rest.find(argument => typeof argument === 'string')
    if (address !== undefined && !isLocal(address)) forbid(`a datagram to ${String(address)}`)
  })
}

function guardQuestions(): void {
  const owners = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]
  for (const owner of owners) {
    for (const name of namesOf(owner)) {
      if (!/^(?:lookup|resolve|reverse)/.test(name)) continue
      guard(owner, name, ([host]) => {
        const isLiteral = typeof host === 'string' && net.isIP(host) !== 0
        // An address needs no question to become one; its name does.
        if (name === 'lookup' && (isLiteral || isLocal(host))) return
        forbid(`DNS ${name} of ${String(host)}`)
      })
    }
  }
}

/** The names of an object and of what it inherits. */
function namesOf(owner: object): ReadonlySet<string> {
  const names = new Set<string>()
  for (
    let at: object | null = owner;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  }
  return names
}

function guardChildren(): void {
  const options = process.env.NODE_OPTIONS ?? ''
  if (options.includes(SELF)) return
  const loader = import.meta.resolve('tsx')
  process.env.NODE_OPTIONS = `${options} --import=${loader} --import=${SELF}`.trim()
}

guardConnections()
guardDatagrams()
guardQuestions()
guardChildren()
// So that `import { lookup } from 'node:dns'` is guarded too.
syncBuiltinESMExports()
