import { execFileSync } from 'node:child_process'
import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Cli } from '../helpers/cli.ts'
import type { Random } from '../helpers/random.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { shaOf } from './sight.ts'

/** Why no file system of our own can be had here; null where one can. */
export const unmountable = (): string | null =>
  process.platform === 'linux' && process.getuid?.() === 0 ? null : 'only root may mount'

/** A file system of a few megabytes at a folder that is there, until `remove`. */
export const mountSmall = (path: string): { remove(): void } => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path])
  return {
    remove() {
      execFileSync('umount', [path])
      rmdirSync(path)
    },
  }
}

const within = 1_000

/** A Mailcatch on a file system that is filled up. */
export class FullDisk {
  readonly wrong: string[] = []
  refused = 0
  accepted = 0
  readonly #random: Random
  readonly #data: string
  readonly #home: string
  readonly #kept = new Map<number, string>()
  #cli: Cli | null = null
  #url = ''
  #port = 0
  #serial = 0

  /** `home` is on another file system. */
  constructor(random: Random, { home, data }: { home: string; data: string }) {
    this.#random = random
    this.#home = home
    this.#data = data
  }

  async start(): Promise<void> {
    const options = ['--smtp-port', '0', '--http-port', '0', '--data', this.#data]
    this.#cli = new Cli(['--json', '--quiet', ...options], { home: this.#home })
    const { url, ports } = await this.#cli.ready()
    this.#url = url
    this.#port = ports.smtp
  }

  async stop(): Promise<void> {
    const { code } = (await this.#cli?.end()) ?? {}
    if (code !== 0) this.wrong.push(`it ended with ${code}: ${this.#cli?.stderr}`)
  }

  /** Fills the disk, looks, makes room, and fills it again a little. */
  async round(): Promise<void> {
    await this.#fill(this.#random.between(50_000, 400_000))
    await this.#fill(this.#random.between(1_000, 20_000))
    await this.#fill(100)
    await this.#fillByChanges()
    await this.#checkReading()
    await this.#makeRoom()
    this.wrong.push(...(await this.#leftovers()).map(name => `${name} is left`))
  }

  /** Temporary files that stay: the index is written in the background all the time. */
  async #leftovers(): Promise<string[]> {
    let left: string[] = []
    for (let tries = 0; tries < 100; tries++) {
      const now = readdirSync(this.#data, { recursive: true, encoding: 'utf8' })
      left = now.filter(name => name.endsWith('.tmp') && (tries === 0 || left.includes(name)))
      if (left.length === 0) return []
      await setTimeout(30)
    }
    return left
  }

  async check(): Promise<void> {
    for (const [id, sha] of this.#kept) {
      const response = await this.#ask(`v1/messages/${id}/raw`)
      const found = shaOf(Buffer.from(await response.arrayBuffer()))
      if (found !== sha) this.wrong.push(`${id} was altered or lost: ${response.status}`)
    }
    const { total } = (await (await this.#ask('v1/messages?limit=1')).json()) as { total: number }
    if (total !== this.#kept.size) this.wrong.push(`${total} messages, not ${this.#kept.size}`)
  }

  /** Sends messages of a size until one is refused. */
  async #fill(octets: number): Promise<void> {
    for (;;) {
      const reply = await this.#send(octets)
      if (reply.startsWith('250')) continue
      this.refused++
      if (!reply.startsWith('452 4.3.1')) this.wrong.push(`refused with ${reply}`)
      return
    }
  }

  /** Changes tags until that is refused too. */
  async #fillByChanges(): Promise<void> {
    for (let count = 0; ; count++) {
      const [id = 0] = this.#random.some([...this.#kept.keys()], 1)
      const { status, headers } = await this.#ask(`v1/messages/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ tags: [`${count}${'x'.repeat(90)}`] }),
      })
      if (status === 200) continue
      this.refused++
      const type = headers.get('content-type')
      if (status === 507 && type === 'application/problem+json') return
      this.wrong.push(`a change is refused with ${status} ${type}`)
      return
    }
  }

  async #send(octets: number): Promise<string> {
    const raw = Buffer.from(
      `Subject: ${++this.#serial}\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(octets / 100)}`,
    )
    const sender = await Sender.open(this.#port)
    try {
      const reply = await sender.send(dataOf(raw), 'a@example.com', 'b@example.org')
      const id = Number(/queued as (\d+)/.exec(reply)?.[1])
      if (this.#kept.has(id)) this.wrong.push(`${id} came twice`)
      this.#kept.set(id, shaOf(raw))
      this.accepted++
      return reply
    } catch (error) {
      return /^wanted 250, got (.*)$/.exec((error as Error).message)?.[1] ?? `${error}`
    } finally {
      sender.close()
    }
  }

  async #checkReading(): Promise<void> {
    const [id = 0] = this.#random.some([...this.#kept.keys()], 1)
    const raw = await this.#ask(`v1/messages/${id}/raw`)
    const found = shaOf(Buffer.from(await raw.arrayBuffer()))
    if (found !== this.#kept.get(id)) this.wrong.push(`${id} cannot be read: ${raw.status}`)
    for (const path of ['v1/messages', 'v1/stats', `v1/messages/${id}`, 'v1/messages?q=xxx']) {
      const { status } = await this.#ask(path)
      if (status !== 200) this.wrong.push(`${path} answers ${status}`)
    }
  }

  /** Deletes some messages, and waits until a message is taken again. */
  async #makeRoom(): Promise<void> {
    const ids = this.#random.some([...this.#kept.keys()], Math.ceil(this.#kept.size / 2))
    const response = await this.#ask(`v1/messages?ids=${ids}`, { method: 'DELETE' })
    if (response.status !== 200) {
      this.wrong.push(`DELETE answers ${response.status} ${await response.text()}`)
      return
    }
    for (const id of ids) this.#kept.delete(id)
    const start = performance.now()
    let reply = ''
    while (performance.now() - start < within && !reply.startsWith('250')) {
      reply = await this.#send(10_000)
      if (!reply.startsWith('250')) await setTimeout(20)
    }
    if (!reply.startsWith('250')) this.wrong.push(`after making room: ${reply}`)
  }

  #ask(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.#url), init)
  }
}

/** So many rounds of filling the disk, with a restart in their midst. */
export const playDiskFull = async (
  random: Random,
  rounds: number,
  folders: { readonly home: string; readonly data: string },
): Promise<FullDisk> => {
  const disk = new FullDisk(random, { home: folders.home, data: join(folders.data, 'data') })
  await disk.start()
  for (let round = 0; round < rounds && disk.wrong.length === 0; round++) {
    await disk.round()
    if (round !== rounds >> 1) continue
    await disk.stop()
    await disk.start()
  }
  if (disk.wrong.length === 0) await disk.check()
  await disk.stop()
  return disk
}
