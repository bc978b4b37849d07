/**
 * Proves that nothing goes out: loaded by `--import` into every test process, and by NODE_OPTIONS into every Node
 * process and worker thread that one starts. A connection to anything but this machine, a datagram or a DNS question
 * throws, is told on stderr with its stack, and fails the process, whatever catches the error.
 *
 * Plain JavaScript, since nobody translates in a worker or in a child.
 */

import dgram from 'node:dgram'
import dns from 'node:dns'
import { writeSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { isMainThread } from 'node:worker_threads'

const EXIT_CODE = 97
const SELF = import.meta.url

/** @param {string} what */
function forbid(what) {
  const error = new Error(`outgoing: ${what}`)
  // A worker's process.stderr goes by way of the main thread, which may never have time.
  writeSync(2, `${error.stack}\n`)
  // A worker has no say in the exit code.
  if (!isMainThread) process.kill(process.pid, 'SIGKILL')
  process.on('exit', () => {
    process.exitCode = EXIT_CODE
  })
  throw error
}

const LOCAL = new net.BlockList()
LOCAL.addSubnet('127.0.0.0', 8)
LOCAL.addAddress('::1', 'ipv6')
// Where a server listens on all addresses, a client may come to it by these.
LOCAL.addAddress('0.0.0.0')
LOCAL.addAddress('::', 'ipv6')

/** @param {unknown} host */
function isLocal(host) {
  if (host === undefined || host === null || host === '') return true
  const name = String(host).replace(/^\[|\]$/g, '')
  if (net.isIP(name) === 0) return /^(?:.+\.)?localhost\.?$/i.test(name)
  return LOCAL.check(name, net.isIPv6(name) ? 'ipv6' : 'ipv4')
}

/**
 * Calls `check` before each call of a method.
 *
 * @param {any} owner
 * @param {string} name
 * @param {(args: unknown[]) => void} check
 */
function guard(owner, name, check) {
  const original = owner[name]
  if (typeof original !== 'function') return
  owner[name] = function (...args) {
    check(args)
    return original.apply(this, args)
  }
}

function guardConnections() {
  guard(net.Socket.prototype, 'connect', args => {
    // net.connect hands on what it has normalised: one array of the options and the callback.
    const [first, second] = Array.isArray(args[0]) ? args[0] : args
    if (typeof first === 'object' && first !== null) {
      const { path, host } = first
      if (!path && !isLocal(host)) forbid(`connect to ${host}`)
    } else if (Number.isInteger(Number(first)) && typeof second === 'string' && !isLocal(second)) {
      forbid(`connect to ${second}`)
    }
  })
}

function guardDatagrams() {
  guard(dgram.Socket.prototype, 'connect', ([, address]) => {
    if (typeof address === 'string' && !isLocal(address)) forbid(`datagrams to ${address}`)
  })
  // The address is the only text behind the message itself.
  guard(dgram.Socket.prototype, 'send', ([, ...rest]) => {
    const address = rest.find(argument => typeof argument === 'string')
    if (!isLocal(address)) forbid(`a datagram to ${address}`)
  })
}

function guardQuestions() {
  const owners = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]
  for (const owner of owners) {
    for (const name of namesOf(owner)) {
      if (!/^(?:lookup|resolve|reverse)/.test(name)) continue
      guard(owner, name, ([host]) => {
        const isLiteral = typeof host === 'string' && net.isIP(host) !== 0
        // An address needs no question to become one; its name does.
        if (name === 'lookup' && (isLiteral || isLocal(host))) return
        forbid(`DNS ${name} of ${host}`)
      })
    }
  }
}

/**
 * The names of an object and of what it inherits.
 *
 * @param {object} owner
 */
function namesOf(owner) {
  /** @type {Set<string>} */
  const names = new Set()
  for (let at = owner; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  }
  return names
}

function guardChildren() {
  const options = process.env.NODE_OPTIONS ?? ''
  if (!options.includes(SELF)) process.env.NODE_OPTIONS = `${options} --import=${SELF}`.trim()
}

guardConnections()
guardDatagrams()
guardQuestions()
guardChildren()
// So that `import { lookup } from 'node:dns'` is guarded too.
syncBuiltinESMExports()
