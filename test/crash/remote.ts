import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { MessageList } from '../../server/http/resources.ts'
import { writeIdSet } from '../../server/store/id-set.ts'
import { MailboxError } from '../../server/store/store-error.ts'
import { Cli } from '../helpers/cli.ts'
import type { Random } from '../helpers/random.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { watchedEnvironment } from '../helpers/watched.ts'
import { entryKey } from './ledger.ts'
import { type Look, shaOf, writeSight } from './sight.ts'
import type { MailboxTarget, Target } from './target.ts'

/** A Mailcatch in a process of its own, until it is killed. */
export type Remote = {
  readonly target: Target
  /** Milliseconds that the store and its ports took to open; null where nobody said. */
  readonly opened: number | null
  look(since: Record<string, number>): Promise<Look>
  kill(): Promise<void>
  /** Resolves with the exit code. */
  end(): Promise<number | null>
}

export type RemoteOptions = {
  readonly home: string
  readonly data: string
  readonly maxMessages: number
  readonly random: Random
}

/** The command as people run it: SMTP and HTTP. */
export const startCommand = async (options: RemoteOptions): Promise<Remote> => {
  const { home, data, maxMessages, random } = options
  const ports = ['--smtp-port', '0', '--http-port', '0', '--pop3-port', 'off', '--imap-port', 'off']
  const cli = new Cli(
    ['--json', '--quiet', '--data', data, '--max-messages', `${maxMessages}`, ...ports],
    { home },
  )
  const ready = await cli.ready()
  const inbox = inboxTarget({ smtp: ready.ports.smtp, url: ready.url, random })
  return {
    target: inbox.target,
    opened: null,
    look: () => lookByHttp(ready.url),
    kill: async () => {
      cli.child.kill('SIGKILL')
      await cli.exited
      inbox.close()
    },
    end: async () => {
      inbox.close()
      return (await cli.end()).code
    },
  }
}

const childPath = fileURLToPath(new URL('child.ts', import.meta.url))

/** `child.ts`: the same, and what mail clients do. */
export const startChild = async (options: RemoteOptions): Promise<Remote> => {
  const { home, data, maxMessages, random } = options
  const tsx = import.meta.resolve('tsx')
  const child = spawn(process.execPath, ['--import', tsx, childPath, data, `${maxMessages}`], {
    cwd: home,
    env: { ...watchedEnvironment(), PATH: process.env.PATH, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'close')
  const { url, smtp, door, opened } = await firstLine(child, exited)
  const inbox = inboxTarget({ smtp, url, random })
  const asker = await openDoor(door)
  const methods = ['create', 'delete', 'rename', 'subscribe', 'append', 'copy', 'move'] as const
  const mailboxes = Object.fromEntries(
    [...methods, 'setFlags', 'expunge'].map(method => [
      method,
      (...args: unknown[]) => asker.ask(method, args),
    ]),
  ) as MailboxTarget
  const close = (): void => {
    inbox.close()
    asker.close()
  }
  return {
    target: { ...inbox.target, ...mailboxes },
    opened,
    look: since => asker.ask('look', [since]) as Promise<Look>,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
      close()
    },
    end: async () => {
      close()
      child.kill('SIGTERM')
      const [code] = (await exited) as [number | null]
      return code
    },
  }
}

type Ready = {
  readonly url: string
  readonly smtp: number
  readonly door: number
  readonly opened: number
}

const firstLine = async (child: ChildProcess, exited: Promise<unknown>): Promise<Ready> => {
  let said = ''
  let failed = ''
  child.stderr?.setEncoding('utf8').on('data', text => {
    failed += text
  })
  child.stdout?.setEncoding('utf8').on('data', text => {
    said += text
    child.emit('said')
  })
  while (!said.includes('\n')) {
    const isOver = await Promise.race([
      once(child, 'said').then(() => false),
      exited.then(() => true),
    ])
    if (isOver && !said.includes('\n')) throw new Error(`it did not start: ${failed}`)
  }
  return JSON.parse(said.slice(0, said.indexOf('\n'))) as Ready
}

/** The door of `child.ts`: many questions at a time. */
const openDoor = async (port: number) => {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void }
  const waiting = new Map<number, Waiting>()
  let last = 0
  const lines = createInterface({ input: socket })
  lines.on('line', line => {
    const { id, result, error } = JSON.parse(line)
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error?.name === 'MailboxError') asked?.reject(new MailboxError(error.code, error.message))
    else if (error) asked?.reject(new Unexpected(`${error.name} ${error.code}: ${error.message}`))
    else asked?.resolve(result)
  })
  const fail = () => {
    for (const { reject } of waiting.values()) reject(new Error('the door is closed'))
    waiting.clear()
  }
  lines.on('error', fail)
  socket.on('error', fail)
  socket.on('close', fail)
  return {
    ask: (method: string, args: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the door is closed'))
        waiting.set(++last, { resolve, reject })
        socket.write(`${JSON.stringify({ id: last, method, args })}\n`)
      }),
    close: () => socket.destroy(),
  }
}

/** An answer that nobody should get while nothing fails. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

/** What arrives by SMTP or as an import, and what the API does to it. */
const inboxTarget = ({ smtp, url, random }: { smtp: number; url: string; random: Random }) => {
  const idle: Sender[] = []
  const all = new Set<Sender>()
  const borrow = async (): Promise<Sender> => {
    const sender = idle.pop() ?? (await Sender.open(smtp))
    all.add(sender)
    return sender
  }
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(new URL(path, url), init)
    const text = await response.text()
    if (!response.ok) throw new Unexpected(`${init?.method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }
  const sendBySmtp = async (raw: Buffer, rcptTo: readonly string[]): Promise<number> => {
    const sender = await borrow()
    const reply = await sender.send(dataOf(raw), 'app@example.com', rcptTo).catch(error => {
      if (/^wanted/.test(error.message)) throw new Unexpected(error.message)
      throw error
    })
    idle.push(sender)
    return Number(/queued as (\d+)/.exec(reply)?.[1])
  }
  const sendByHttp = async (raw: Buffer, rcptTo: readonly string[]): Promise<number> => {
    const query = new URLSearchParams(rcptTo.map(address => ['rcpt', address]))
    const { id } = (await ask(`v1/messages?mailFrom=app%40example.com&${query}`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(raw),
    })) as { id: number }
    return id
  }
  const idsOf = (ids: readonly number[]): string =>
    `v1/messages?ids=${writeIdSet([...ids].sort((a, b) => a - b))}`
  const target: Target = {
    deliver: (raw, rcptTo) => (random.chance(0.7) ? sendBySmtp : sendByHttp)(raw, rcptTo),
    async abandon(raw) {
      const sender = await borrow()
      await sender.begin(raw.subarray(0, raw.length >> 1), 'app@example.com', 'ann@example.org')
      sender.destroy()
    },
    async update(ids, patch) {
      await ask(idsOf(ids), {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(patch),
      })
    },
    async remove(ids) {
      await ask(idsOf(ids), { method: 'DELETE' })
    },
  }
  return {
    target,
    close: () => {
      for (const sender of all) sender.destroy()
    },
  }
}

/** What the API shows of the catch-all, each message read. */
const lookByHttp = async (url: string): Promise<Look> => {
  const seen: [string, string][] = []
  for (let before = ''; ; ) {
    const response = await fetch(new URL(`v1/messages?limit=1000${before}`, url))
    const { messages } = (await response.json()) as MessageList
    for (let at = 0; at < messages.length; at += 20) {
      const some = messages.slice(at, at + 20).map(async message => {
        const raw = await fetch(new URL(`v1/messages/${message.id}/raw`, url))
        if (raw.status === 404) return // retention was faster
        const bytes = Buffer.from(await raw.arrayBuffer())
        const canonical = bytes.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\r\n')
        const flags = [
          ...(message.flagged ? ['\\Flagged'] : []),
          ...(message.unread ? [] : ['\\Seen']),
        ]
        const value = writeSight({
          sha: shaOf(Buffer.from(canonical, 'latin1')),
          raw: shaOf(bytes),
          rcptTo: message.rcptTo,
          flags,
          tags: message.tags,
          date: null,
        })
        seen.push([entryKey('/1', message.id), value])
      })
      await Promise.all(some)
    }
    const last = messages.at(-1)
    if (!last || messages.length < 1_000)
      return { seen, mailboxes: [], dates: [], messages: seen.length }
    before = `&before=${last.id}`
  }
}
