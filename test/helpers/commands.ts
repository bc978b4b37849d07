import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clearMail } from '../../server/commands/clear.ts'
import { examineData } from '../../server/commands/doctor.ts'
import { exportMail } from '../../server/commands/export.ts'
import { importMail } from '../../server/commands/import.ts'
import { listMail } from '../../server/commands/list.ts'
import { createReport, type Report } from '../../server/commands/report.ts'
import { sendMail } from '../../server/commands/send.ts'
import { showMail } from '../../server/commands/show.ts'
import { waitForMail } from '../../server/commands/wait.ts'
import type {
  CommandAction,
  clearOptions,
  doctorOptions,
  exportOptions,
  importOptions,
  listOptions,
  sendOptions,
  showOptions,
  waitOptions,
} from '../../server/commands.ts'
import type { OptionTable, ValuesOf } from '../../server/options.ts'

/** What a command printed with `--json`, and its exit code. */
export type Ran = {
  readonly code: number
  readonly errors: readonly { readonly code: string; readonly message: string }[]
  /** The line that tells what came of it. */
  readonly result: Readonly<Record<string, unknown>>
  readonly warnings: string
}

const defaults = {
  url: null,
  data: '',
  auth: null,
  json: true,
  quiet: false,
  verbose: false,
  config: null,
}

export const runImport = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof importOptions>>,
  signal?: AbortSignal,
): Promise<Ran> =>
  run(importMail, operands, { ...defaults, maxMessageSize: null, fsync: false, ...options }, signal)

export const runExport = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof exportOptions>>,
  signal?: AbortSignal,
): Promise<Ran> =>
  run(exportMail, operands, { ...defaults, mbox: null, q: null, ...options }, signal)

export const runDoctor = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof doctorOptions>>,
): Promise<Ran> => run(examineData, operands, { ...defaults, fix: false, ...options })

const running = { ...defaults, json: false, data: '/nowhere', httpPort: 1, basePath: '/' }
const which = {
  to: null,
  from: null,
  rcpt: null,
  subject: null,
  tag: null,
  inbox: null,
  unread: false,
}

export const runList = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof listOptions>>,
  output?: Output,
): Promise<Said> => say(listMail, operands, { ...running, ...which, limit: 20, ...options }, output)

export const runShow = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof showOptions>>,
  output?: Output,
): Promise<Said> =>
  say(showMail, operands, { ...running, ...which, html: false, raw: false, ...options }, output)

export const runSend = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof sendOptions>>,
): Promise<Said> =>
  say(sendMail, operands, {
    ...{ ...running, to: null, from: null, subject: null, text: null, html: null },
    ...options,
  })

export const runClear = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof clearOptions>>,
): Promise<Said> => say(clearMail, operands, { ...running, ...which, ...options })

export const runWait = (
  operands: readonly string[],
  options: Partial<ValuesOf<typeof waitOptions>>,
  output?: Output,
): Promise<Said> => {
  const all = {
    ...{ ...running, ...which, address: null, body: null, since: null, count: 1, timeout: 10_000 },
    ...{ exact: false, none: false, code: false, link: false, linkText: null },
    ...options,
  }
  return say(waitForMail, operands, all, output)
}

type Output = { readonly isTTY: boolean; readonly columns: number }

/** What a command printed, and its exit code. */
export type Said = { readonly code: number; readonly out: Buffer }

/** Runs a command that speaks to a running Mailcatch; what it throws comes through. */
async function say<T extends OptionTable>(
  action: CommandAction<T>,
  operands: readonly string[],
  options: ValuesOf<T>,
  output: Output = { isTTY: false, columns: 80 },
): Promise<Said> {
  const chunks: Buffer[] = []
  const write = (chunk: string | Uint8Array) => chunks.push(Buffer.from(chunk as string))
  const { json } = options as { json?: boolean }
  const report = createReport(
    { json: json === true, quiet: false, verbose: false },
    { write, ...output },
    { write: () => true },
  )
  const { signal } = new AbortController()
  const code = await action({ operands, options, report, signal })
  return { code, out: Buffer.concat(chunks) }
}

async function run<T extends OptionTable>(
  action: (call: {
    operands: readonly string[]
    options: ValuesOf<T>
    report: Report
    signal: AbortSignal
  }) => Promise<0 | 1>,
  operands: readonly string[],
  options: ValuesOf<T>,
  signal = new AbortController().signal,
): Promise<Ran> {
  let [stdout, stderr] = ['', '']
  const report = createReport(
    { json: true, quiet: false, verbose: false },
    { write: text => (stdout += text) },
    { write: text => (stderr += text) },
  )
  const code = await action({ operands, options, report, signal })
  const lines = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  return {
    code,
    errors: lines.filter(({ type }) => type === 'error'),
    result: lines.at(-1),
    warnings: stderr,
  }
}

/** A new folder; `remove` takes it away. */
export function makeFolder(): {
  readonly path: string
  in(...names: string[]): string
  remove(): void
} {
  const path = mkdtempSync(join(tmpdir(), 'mailcatch-commands-'))
  return {
    path,
    in: (...names) => join(path, ...names),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
