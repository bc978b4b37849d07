import type { Credentials } from '../auth/credentials.ts'
import { openedLogin, type SaslResponse } from '../auth/sasl.ts'
import type { Log } from '../log.ts'
import type { SecureContextSource } from '../net/tls.ts'
import type { Account } from '../store/account.ts'
import type { MailStore } from '../store/mail-store.ts'
import type { Mailbox } from '../store/mailbox.ts'
import { capabilitiesOf } from './capabilities.ts'
import { COMMANDS, type Command, commandTagOf, parseCommand, type StateName } from './command.ts'
import { mechanismsFor } from './commands/authenticate.ts'
import { UnsavedSearchError } from './commands/search/search.ts'
import type { Connection } from './connection.ts'
import { Disconnected } from './disconnected.ts'
import { Enabled } from './enabled.ts'
import { ImapError } from './errors.ts'
import { MailboxView } from './mailbox-view.ts'
import type { MailboxWatch } from './mailbox-watch.ts'
import { Output } from './output.ts'
import type { RecentMessages } from './recent.ts'
import { refusalOf } from './refusal.ts'
import { limitsAfterLogin, type ReadCommand } from './syntax/command-reader.ts'
import { printStatus } from './syntax/print.ts'

/** What all sessions of a server have in common. */
export type SessionOptions = {
  readonly store: MailStore
  readonly watch: MailboxWatch
  readonly recent: RecentMessages
  /** Null: any login is taken. */
  readonly auth: Credentials | null
  /** Null: STARTTLS is not offered. */
  readonly secureContext: SecureContextSource | null
  /** False: clients take nothing away (`--no-delete`). */
  readonly allowDelete: boolean
  /** Octets. */
  readonly maxMessageSize: number
  /** Milliseconds for a command to come: before login, and after it. */
  readonly loginTimeout: number
  readonly idleTimeout: number
  /** Milliseconds from the announcement of a message to its last octet. */
  readonly messageTimeout: number
  readonly log: Log
}

export type NotAuthenticated = { readonly name: 'not-authenticated' }
export type Authenticated = { readonly name: 'authenticated'; readonly account: Account }
export type Selected = {
  readonly name: 'selected'
  readonly account: Account
  readonly view: MailboxView
}
/** RFC 9051 §3; the logout state is the end of the session. */
export type SessionState = NotAuthenticated | Authenticated | Selected

/** One command that is being run. */
export type Call<State extends SessionState = SessionState> = {
  readonly session: Session
  readonly state: State
  readonly commandTag: string
  /** As it was read: of APPEND, as far as its first message. */
  readonly read: ReadCommand
}

/** What a command's OK says; undefined says that it is completed. An action that fails throws. */
export type Completion =
  | {
      readonly condition?: 'OK' | 'NO'
      readonly code?: string
      readonly text?: string
      /** What is done when the client has been told. */
      readonly after?: () => void | Promise<void>
    }
  | undefined

/** Octets of answers that may wait for a client before no more commands are read from it. */
const MAX_WAITING = 1_048_576
/** Commands that are none, before the session ends: before login, and one after the other after it. */
const MAX_BAD = { before: 3, after: 20 } as const
const MAX_FAILED_LOGINS = 10

/** One client, from the greeting to the end of its connection: reads commands and runs them, one after the other. */
export class Session {
  readonly options: SessionOptions
  readonly connection: Connection
  readonly output: Output
  readonly enabled = new Enabled()
  #state: SessionState = { name: 'not-authenticated' }
  #bad = 0
  #failedLogins = 0
  #isRunning = false
  /** The command that is run may be cut off: it only waits. */
  isInterruptible = false
  #farewell: string | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(connection: Connection, options: SessionOptions) {
    this.connection = connection
    this.options = options
    this.output = new Output(connection)
  }

  get state(): SessionState {
    return this.#state
  }

  /** What the client may use now (RFC 9051 §6.1.1). */
  get capabilities(): string {
    const { connection, options } = this
    return capabilitiesOf({
      isAuthenticated: this.#state.name !== 'not-authenticated',
      canStartTls: options.secureContext !== null && !connection.isTls,
      isCompressed: connection.isCompressed,
      mechanisms: mechanismsFor(options.auth),
      appendLimit: options.maxMessageSize,
    }).join(' ')
  }

  /** Greets, and serves until the connection ends. `tls`: it begins inside of TLS. Never rejects. */
  async serve(tls: SecureContextSource | null): Promise<void> {
    try {
      if (tls) await this.startTls(tls)
      this.output.text(
        `* ${printStatus('OK', 'Mailcatch ready', `CAPABILITY ${this.capabilities}`)}\r\n`,
      )
      this.output.flush()
      while (!this.connection.isOver && (await this.#serveCommand()));
    } catch (error) {
      if (!(error instanceof Disconnected)) {
        this.options.log.error(`IMAP: the session of ${this.connection.peer} ended`, error)
      }
    } finally {
      clearTimeout(this.#timer)
      this.#leave()
      this.connection.end()
    }
  }

  /** Ends the session: at once, or after the command that is being run. */
  shutDown(): void {
    const text = 'Mailcatch is shutting down'
    if (this.#isRunning && !this.isInterruptible) this.#farewell ??= text
    else this.bye(text)
  }

  /** Says that the connection ends, and ends it (RFC 9051 §7.1.5). */
  bye(text: string, code: string | null = null): void {
    if (this.connection.isOver) return
    this.output.untagged(printStatus('BYE', text, code))
    this.connection.end()
  }

  /** The login that a client proved to be; null where it proved nothing. */
  openedLogin(response: SaslResponse): string | null {
    const { auth, store } = this.options
    return openedLogin(auth, response, user => store.inboxes.credentialsOf(user))
  }

  /** The client proved who it is. Throws a MailboxError where there can be no such account. */
  login(name: string): void {
    const { store, maxMessageSize } = this.options
    const account = store.mailboxes.open(name)
    this.#state = { name: 'authenticated', account }
    this.connection.reader.limits = limitsAfterLogin(maxMessageSize)
    this.#bad = 0
  }

  /** A login was refused: `NO`, and in the end a `BYE`. */
  loginFailed(): ImapError {
    if (++this.#failedLogins === MAX_FAILED_LOGINS) {
      return new ImapError('BYE', 'too many failed logins')
    }
    return new ImapError('NO', 'the name or the password is wrong', 'AUTHENTICATIONFAILED')
  }

  /** Opens a mailbox in place of the one that was open. */
  select(account: Account, mailbox: Mailbox, isReadOnly: boolean): MailboxView {
    this.unselect()
    const { watch, recent } = this.options
    const { enabled } = this
    const view = new MailboxView(mailbox, { isReadOnly, watch, recent, enabled })
    view.onDeleted = () => {
      if (!this.#isRunning || this.isInterruptible) this.#leaveDeleted()
    }
    this.#state = { name: 'selected', account, view }
    return view
  }

  /** Closes the mailbox that is open, if one is. */
  unselect(): void {
    if (this.#state.name !== 'selected') return
    this.#state.view.close()
    this.#state = { name: 'authenticated', account: this.#state.account }
  }

  /**
   * The client shows that it knows mod-sequences (RFC 7162 §3.1): it learns that of the mailbox that it has open the
   * first time.
   */
  enableCondstore(): void {
    if (this.enabled.hasCondstore) return
    this.enabled.hasCondstore = true
    if (this.#state.name !== 'selected') return
    const { highestModseq } = this.#state.view.mailbox
    this.output.untagged(printStatus('OK', 'Highest', `HIGHESTMODSEQ ${highestModseq}`))
  }

  /** Throws `NO` where clients may take no messages away. */
  checkDelete(): void {
    if (!this.options.allowDelete) {
      throw new ImapError('NO', 'deleting is switched off', 'NOPERM')
    }
  }

  /** The mailbox of the open account by name; throws `NO` with the code where there is none. */
  mailbox(account: Account, name: string, code: 'NONEXISTENT' | 'TRYCREATE'): Mailbox {
    const mailbox = account.mailbox(name)
    if (!mailbox) throw new ImapError('NO', 'there is no such mailbox', code)
    return mailbox
  }

  /**
   * Before a command is refused: passes over the message that it was about to send, if it was. Answers with what is to
   * be thrown.
   */
  async decline(read: ReadCommand, error: unknown): Promise<unknown> {
    if (!read.message) return error
    const refusal = refusalOf(error) ?? new ImapError('NO', 'the message is not taken', 'SERVERBUG')
    const declined = await this.connection.reader.refuseMessage(read, refusal)
    if (!declined) return new Disconnected()
    // What follows may be past understanding.
    return declined.refusal?.condition === 'BYE' ? declined.refusal : error
  }

  /** Goes on inside of TLS; nothing that was said before counts (RFC 9051 §6.2.1). */
  async startTls(secureContext: SecureContextSource): Promise<void> {
    this.#bad = 0
    this.expect(this.options.loginTimeout)
    try {
      await this.connection.startTls(secureContext)
    } catch (error) {
      this.options.log.info(
        `IMAP: ${this.connection.peer}: TLS failed: ${(error as Error).message}`,
      )
      throw new Disconnected()
    }
  }

  /** The session ends when nothing has come by then. Milliseconds. */
  expect(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.bye('idle for too long'), milliseconds)
    this.#timer.unref()
  }

  /** Waits for one command, and answers it. False where that was the last one. */
  async #serveCommand(): Promise<boolean> {
    const { connection, options } = this
    if (connection.writer.waiting > MAX_WAITING) await connection.drained()
    this.expect(this.#isAuthenticated ? options.idleTimeout : options.loginTimeout)
    const read = await connection.reader.readCommand()
    clearTimeout(this.#timer)
    if (!read) return false
    this.#isRunning = true
    try {
      await this.#answer(read)
    } finally {
      clearTimeout(this.#timer)
      this.#isRunning = false
    }
    if (this.#state.name === 'selected' && this.#state.view.mailbox.isDeleted) this.#leaveDeleted()
    if (this.#farewell !== null) this.bye(this.#farewell)
    return !connection.isOver
  }

  /** Runs a command and says what became of it. */
  async #answer(read: ReadCommand): Promise<void> {
    const commandTag = commandTagOf(read)
    let after: (() => void | Promise<void>) | undefined
    try {
      if (read.refusal) throw read.refusal
      const command = await this.#parse(read)
      const completion = (await this.#run(command, read)) ?? {}
      const { condition = 'OK', text = `${command.name} completed`, code = null } = completion
      this.output.text(`${commandTag} ${printStatus(condition, text, code)}\r\n`)
      if (this.#isAuthenticated) this.#bad = 0
      after = completion.after
    } catch (error) {
      if (error instanceof Disconnected) throw error
      this.#refuse(commandTag ?? '*', error)
    }
    this.output.flush()
    await after?.()
  }

  #refuse(commandTag: string, error: unknown): void {
    const { log } = this.options
    const refusal = refusalOf(error)
    if (!refusal) {
      log.error('IMAP: a command failed', error)
      const status = printStatus('NO', 'the server is at fault', 'SERVERBUG')
      this.output.text(`${commandTag} ${status}\r\n`)
      return
    }
    log.info(`IMAP: ${this.connection.peer}: ${refusal.response}`)
    if (refusal.condition === 'BYE') {
      this.bye(refusal.message, refusal.code)
      return
    }
    this.output.text(`${commandTag} ${refusal.response}\r\n`)
    if (refusal.condition === 'NO') return
    const most = this.#isAuthenticated ? MAX_BAD.after : MAX_BAD.before
    if (++this.#bad === most) this.bye('too many commands that are none')
  }

  #leaveDeleted(): void {
    this.bye('the mailbox was deleted', 'UNAVAILABLE')
  }

  /** Throws what is to be answered; then a message that was announced has been declined. */
  async #parse(read: ReadCommand): Promise<Command> {
    try {
      const command = parseCommand(read, { isUtf8: this.enabled.isUtf8 })
      const states: readonly StateName[] = COMMANDS[command.name].states
      if (!states.includes(this.#state.name)) throw notNow(states)
      return command
    } catch (error) {
      // RFC 9051 §6.4.4.1.
      if (error instanceof UnsavedSearchError && this.#state.name === 'selected') {
        this.#state.view.saved.clear()
      }
      throw await this.decline(read, error)
    }
  }

  async #run(command: Command, read: ReadCommand): Promise<Completion> {
    const { run, holdsExpunges } = COMMANDS[command.name]
    const call = { session: this, state: this.#state, commandTag: command.commandTag, read }
    try {
      // The table pairs each name with its states and arguments, and the state is one of these.
      return await (run as (call: Call, args: unknown) => Promise<Completion>)(call, command.args)
    } finally {
      if (this.#state.name === 'selected') {
        await this.#state.view.flush(this.output, { holdsExpunges })
      }
    }
  }

  get #isAuthenticated(): boolean {
    return this.#state.name !== 'not-authenticated'
  }

  #leave(): void {
    this.unselect()
    if (this.#state.name === 'authenticated') {
      this.options.store.mailboxes.close(this.#state.account)
    }
    this.#state = { name: 'not-authenticated' }
  }
}

const notNow = (states: readonly StateName[]): ImapError => {
  if (states.includes('not-authenticated')) return new ImapError('BAD', 'you are logged in')
  if (states.includes('authenticated')) return new ImapError('BAD', 'log in first')
  return new ImapError('BAD', 'no mailbox is selected')
}
