import assert from 'node:assert/strict'
import { idsOf } from '../../server/store/id-set.ts'
import { Wire } from './wire.ts'

/** What a client knows of a message; null where it has not been told yet. */
type Known = { uid: number | null; flags: readonly string[] | null }

export type ClientKind = {
  /** Switched on by ENABLE. */
  readonly enabled: readonly ('CONDSTORE' | 'QRESYNC' | 'IMAP4rev2')[]
  readonly isReadOnly: boolean
}

/** Commands during which no message may go (RFC 9051 §7.5.1). */
const HOLDING = /^(FETCH|STORE|SEARCH|SORT|THREAD) /

/**
 * A client that believes every word: it keeps a picture of the mailbox by applying each response, as RFC 9051 §7 and
 * RFC 7162 have it, and fails as soon as one contradicts the picture.
 */
export class ModelClient {
  readonly kind: ClientKind
  /** By sequence number - 1. */
  messages: Known[] = []
  uidValidity = 0
  /** Up to which mod-sequence it knows everything (RFC 7162 §6). */
  highestModseq = 0
  /** What was said lately. */
  readonly said: string[] = []
  readonly #wire: Wire
  /** What is being run; null between commands. */
  #command: string | null = null
  #isIdle = false
  #commands = 0
  #modseqs: number[] = []
  #toldHighest: number | null = null

  private constructor(wire: Wire, kind: ClientKind) {
    this.#wire = wire
    this.kind = kind
  }

  static async open(port: number, kind: ClientKind, login = 'ann'): Promise<ModelClient> {
    const client = new ModelClient(await Wire.open(port), kind)
    await client.#wire.line()
    await client.run(`LOGIN ${login} any`)
    if (kind.enabled.length > 0) await client.run(`ENABLE ${kind.enabled.join(' ')}`)
    return client
  }

  get count(): number {
    return this.messages.length
  }

  /**
   * Opens a mailbox anew, or with what another client knows of it already. `saysNumbers`: also by which sequence numbers
   * (RFC 7162 §3.2.5.2).
   */
  async select(
    mailbox: string,
    known: ModelClient | null = null,
    saysNumbers = false,
  ): Promise<void> {
    const cached = known?.messages.filter(({ uid }) => uid !== null) ?? []
    this.messages = []
    const command = this.kind.isReadOnly ? 'EXAMINE' : 'SELECT'
    const numbered = (known?.messages ?? []).flatMap(({ uid }, at) => (uid ? [[at + 1, uid]] : []))
    const numbers =
      saysNumbers && numbered.length > 0
        ? ` (${numbered.map(([number]) => number)} ${numbered.map(([, uid]) => uid)})`
        : ''
    const parameter = known
      ? ` (QRESYNC (${known.uidValidity} ${known.highestModseq}${numbers}))`
      : ''
    if (known) {
      // The picture is by UID until the mailbox has told what went; then EXISTS must fit.
      this.#cache = new Map(cached.map(({ uid, flags }) => [uid as number, flags]))
    }
    await this.run(`${command} ${mailbox}${parameter}`)
    const cache = this.#cache
    this.#cache = null
    if (!cache) return
    // What FETCH told by number, and what was known by UID, are one list.
    const uids = await this.#uids()
    this.messages = uids.map((uid, at) => {
      const told = this.messages[at]
      if (told?.uid != null) assert.equal(told.uid, uid, 'FETCH named another message')
      return { uid, flags: told?.flags ?? cache.get(uid) ?? null }
    })
    const gone = [...cache.keys()].filter(uid => !uids.includes(uid))
    assert.deepEqual(gone, [], 'UIDs that went were not told as vanished')
  }

  #cache: Map<number, readonly string[] | null> | null = null

  async #uids(): Promise<number[]> {
    const lines = await this.run('UID SEARCH ALL')
    const line = lines.find(text => /^\* E?SEARCH/.test(text)) ?? ''
    const set = /ALL (\S+)/.exec(line)?.[1]
    if (line.startsWith('* ESEARCH')) return idsOf(set ?? '')
    return (line.match(/\d+/g) ?? []).map(Number)
  }

  /** Learns what it has not been told of messages. */
  async complete(): Promise<void> {
    for (;;) {
      const unknown = this.messages.flatMap(({ uid, flags }, at) => (uid && flags ? [] : [at + 1]))
      if (unknown.length === 0) return
      // Of those that are gone nothing is told, until they may go.
      await this.run(`FETCH ${unknown} (UID FLAGS)`)
      await this.run('NOOP')
    }
  }

  /** Runs a command, and applies what it answers; the lines, the tagged one last. Fails where that is BAD. */
  async run(command: string, literal?: string): Promise<string[]> {
    const commandTag = `c${++this.#commands}`
    this.#command = command
    const isIdle = command === 'IDLE'
    this.#write(`${commandTag} ${command}\r\n`)
    const lines: string[] = []
    for (;;) {
      const line = await this.#line()
      if (line === null) throw new Error(`the server closed within ${command}`)
      lines.push(line)
      if (line.startsWith('+')) {
        if (isIdle) {
          this.#isIdle = true
          return [commandTag]
        }
        this.#write(`${literal ?? ''}\r\n`)
      } else if (line.startsWith('* ')) this.#apply(line.slice(2))
      else {
        assert.ok(line.startsWith(`${commandTag} `), `${line} answers ${command}`)
        assert.doesNotMatch(line, /^\S+ BAD/, command)
        this.#end(line)
        return lines
      }
    }
  }

  /** Applies what IDLE tells, until it has been ended. */
  async done(commandTag: string): Promise<void> {
    this.#write('DONE\r\n')
    for (;;) {
      const line = await this.#line()
      if (line === null) throw new Error('the server closed within IDLE')
      if (line.startsWith(`${commandTag} `)) {
        this.#isIdle = false
        return this.#end(line)
      }
      this.#apply(line.slice(2))
    }
  }

  close(): void {
    this.#wire.destroy()
  }

  #write(text: string): void {
    this.#note(`C: ${text.trimEnd()}`)
    this.#wire.write(text)
  }

  async #line(): Promise<string | null> {
    const line = await this.#wire.line()
    this.#note(`S: ${line}`)
    return line
  }

  #note(line: string): void {
    if (this.said.push(line) > 100) this.said.shift()
  }

  #end(tagged: string): void {
    const highest = /\[HIGHESTMODSEQ (\d+)\]/.exec(tagged)?.[1]
    if (highest) this.#toldHighest = Number(highest)
    // RFC 7162 §6: what is told counts, even where it is lower than a mod-sequence that was seen.
    this.highestModseq = this.#toldHighest ?? Math.max(this.highestModseq, ...this.#modseqs)
    this.#modseqs = []
    this.#toldHighest = null
    this.#command = null
  }

  #apply(response: string): void {
    assert.ok(this.#command, `${response} while no command was in progress`)
    const highest = /^OK \[HIGHESTMODSEQ (\d+)\]/.exec(response)?.[1]
    if (highest) this.#toldHighest = Number(highest)
    const validity = /^OK \[UIDVALIDITY (\d+)\]/.exec(response)?.[1]
    if (validity) this.uidValidity = Number(validity)
    const vanished = /^VANISHED (\(EARLIER\) )?(\S+)/.exec(response)
    if (vanished) this.#vanish(idsOf(vanished[2] as string), vanished[1] !== undefined)
    const [, number, name, rest = ''] =
      /^(\d+) (EXISTS|EXPUNGE|FETCH|RECENT)(.*)$/.exec(response) ?? []
    if (name === 'EXISTS') this.#exists(Number(number))
    else if (name === 'EXPUNGE') this.#expunge(Number(number))
    else if (name === 'FETCH') this.#fetch(Number(number), rest)
    else if (name === 'RECENT') {
      assert.ok(!this.kind.enabled.includes('IMAP4rev2'), 'RECENT for IMAP4rev2')
      assert.ok(Number(number) <= this.count)
    }
  }

  #exists(count: number): void {
    assert.ok(count >= this.count, `${count} EXISTS, but there are ${this.count}`)
    while (this.count < count) this.messages.push({ uid: null, flags: null })
  }

  #expunge(number: number): void {
    assert.doesNotMatch(this.#command ?? '', HOLDING)
    assert.ok(!this.kind.enabled.includes('QRESYNC'), 'EXPUNGE for QRESYNC')
    assert.ok(number >= 1 && number <= this.count, `${number} EXPUNGE of ${this.count}`)
    this.messages.splice(number - 1, 1)
  }

  #vanish(uids: readonly number[], isEarlier: boolean): void {
    assert.ok(this.kind.enabled.includes('QRESYNC'), 'VANISHED unasked')
    if (isEarlier) {
      for (const uid of uids) {
        this.#cache?.delete(uid)
        assert.ok(!this.messages.some(message => message.uid === uid), `${uid} is not gone`)
      }
      return
    }
    assert.doesNotMatch(this.#command ?? '', HOLDING)
    const before = this.count
    const gone = new Set(uids)
    // Which one went of those that were never fetched, it cannot know: it forgets all behind the first.
    this.messages = this.messages.filter(({ uid }) => uid === null || !gone.has(uid))
    for (let missing = uids.length - (before - this.count); missing > 0; missing--) {
      const at = this.messages.findIndex(({ uid }) => uid === null)
      assert.ok(at >= 0, `VANISHED ${uids} names what is not there`)
      this.messages.splice(at, 1)
      this.messages = this.messages.map((message, other) =>
        other < at ? message : { uid: null, flags: null },
      )
    }
  }

  #fetch(number: number, items: string): void {
    const message = this.messages[number - 1]
    assert.ok(message, `FETCH of ${number}, but there are ${this.count}`)
    const uid = /\bUID (\d+)/.exec(items)?.[1]
    const flags = /\bFLAGS \(([^)]*)\)/.exec(items)?.[1]
    const modseq = /\bMODSEQ \((\d+)\)/.exec(items)?.[1]
    if (this.#isIdle) assert.ok(uid, 'a FETCH response of IDLE needs a UID')
    if (uid !== undefined) {
      if (message.uid !== null) assert.equal(Number(uid), message.uid, `message ${number}`)
      const before = this.messages.slice(0, number - 1).findLast(({ uid }) => uid !== null)
      assert.ok(Number(uid) > (before?.uid ?? 0), 'UIDs ascend')
      message.uid = Number(uid)
    }
    if (flags !== undefined) {
      const words = flags.split(' ').filter(flag => flag !== '' && flag !== '\\Recent')
      message.flags = words.sort()
    }
    if (modseq) this.#modseqs.push(Number(modseq))
    if (this.kind.enabled.includes('CONDSTORE') && /^STORE|^IDLE|^NOOP/.test(this.#command ?? '')) {
      assert.ok(modseq && uid, `no UID or MODSEQ in ${items}`)
    }
  }
}
