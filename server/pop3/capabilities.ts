import { saslMechanisms } from '../auth/exchange.ts'
import { readNothing } from './arguments.ts'
import type { Command, Context } from './command.ts'

const DAY = 86_400_000

/** `CAPA` (RFC 2449 §5): what there is. What is so in the AUTHORIZATION state is told in both. */
export const capa: Command = {
  states: ['authorization', 'transaction'],
  run(context, argument) {
    readNothing(argument)
    return {
      text: 'capabilities follow',
      lines: [
        Buffer.from(
          capabilities(context)
            .map(line => `${line}\r\n`)
            .join(''),
        ),
      ],
    }
  },
}

function capabilities({ service, state, isSecure }: Context): string[] {
  const offersTls = service.startTls && !isSecure && state.name === 'authorization'
  return [
    'TOP',
    'UIDL',
    'USER',
    `SASL ${saslMechanisms.join(' ')}`,
    'RESP-CODES',
    'AUTH-RESP-CODE',
    'PIPELINING',
    // RFC 6856 §2
    'UTF8 USER',
    ...expire(service.maxAge),
    // RFC 2595 §4
    ...(offersTls ? ['STLS'] : []),
    'IMPLEMENTATION Mailcatch',
  ]
}

/** Whole days are all that it can say, and `EXPIRE 0` would say that nothing may stay (RFC 2449 §6.7). */
function expire(maxAge: number | null): string[] {
  if (maxAge === null) return ['EXPIRE NEVER']
  return maxAge < DAY ? [] : [`EXPIRE ${Math.floor(maxAge / DAY)}`]
}
