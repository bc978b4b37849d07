import { beginSasl, saslMechanisms } from '../auth/exchange.ts'
import type { SaslResponse } from '../auth/sasl.ts'
import { readNothing, readText } from './arguments.ts'
import type { Command, Context } from './command.ts'
import { login } from './login.ts'
import { BadCommand, Pop3Error } from './reply.ts'

const states = ['authorization'] as const

/** `USER name` (RFC 1939 §7). */
export const user: Command = {
  states,
  run(context, argument) {
    const name = readText(argument)
    return { text: 'and the password?', state: { ...authorization(context), user: name } }
  },
}

/** `PASS string`, right after USER (RFC 1939 §7). Spaces are a part of the password. */
export const pass: Command = {
  states,
  run(context, argument) {
    const { user } = authorization(context)
    if (user === null) throw new BadCommand('USER comes first')
    return login(context.service, { mechanism: 'PLAIN', user, password: readText(argument) })
  },
}

/** `APOP name digest` (RFC 1939 §7). */
export const apop: Command = {
  states,
  run({ service, timestamp }, argument) {
    const text = readText(argument)
    const space = text.lastIndexOf(' ')
    const digest = text.slice(space + 1)
    if (space < 1 || !/^[0-9a-f]{32}$/i.test(digest)) {
      throw new BadCommand('a name and an MD5 digest are wanted')
    }
    return login(service, { mechanism: 'APOP', user: text.slice(0, space), timestamp, digest })
  },
}

/** `AUTH mechanism [initial-response]` (RFC 5034 §4). Without a mechanism it lists them, as many servers do. */
export const auth: Command = {
  states,
  async run(context, argument) {
    const [name = '', initial, ...more] = argument.toString('latin1').split(' ')
    if (name === '') {
      return {
        text: 'mechanisms follow',
        lines: [Buffer.from(`${saslMechanisms.join('\r\n')}\r\n`)],
      }
    }
    const mechanism = saslMechanisms.find(known => known === name.toUpperCase())
    if (!mechanism) throw new Pop3Error('this mechanism is not known here')
    if (more.length > 0) throw new BadCommand('one initial response is as much as there can be')
    // An empty one is written as an equals sign.
    const first = initial === undefined ? null : initial === '=' ? Buffer.alloc(0) : octets(initial)
    const response = await exchange(context, beginSasl(mechanism, first))
    if (!response) throw new Pop3Error('that proves nothing', 'AUTH')
    return login(context.service, response)
  },
}

async function exchange(
  context: Context,
  sasl: ReturnType<typeof beginSasl>,
): Promise<SaslResponse | null> {
  let step = sasl.next()
  while (!step.done) {
    const answer = (await context.ask(step.value)).toString('latin1')
    if (answer === '*') throw new Pop3Error('cancelled')
    step = sasl.next(octets(answer))
  }
  return step.value
}

function octets(text: string): Buffer {
  // Node passes over what is no base64.
  if (!/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(text) || text.includes('_')) {
    throw new Pop3Error('that is no base64')
  }
  return Buffer.from(text, 'base64')
}

/** `STLS` (RFC 2595 §4). */
export const stls: Command = {
  states,
  run(context, argument) {
    readNothing(argument)
    if (!context.service.startTls) throw new BadCommand('TLS is not offered here')
    if (context.isSecure) throw new BadCommand('TLS is there already')
    if (authorization(context).isUtf8) throw new BadCommand('STLS comes before UTF8')
    return { text: 'begin TLS', next: 'begin TLS' }
  },
}

/** `UTF8` (RFC 6856 §2.1). Messages are sent as they are either way. */
export const utf8: Command = {
  states,
  run(context, argument) {
    readNothing(argument)
    return { text: 'UTF-8 it is', state: { ...authorization(context), user: null, isUtf8: true } }
  },
}

function authorization({ state }: Context): Extract<Context['state'], { name: 'authorization' }> {
  if (state.name !== 'authorization') throw new Error('a command in a state that is not its own')
  return state
}
