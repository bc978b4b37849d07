import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { examineData } from '../../server/commands/doctor.ts'
import { exportMail } from '../../server/commands/export.ts'
import { importMail } from '../../server/commands/import.ts'
import { createReport, type Report } from '../../server/commands/report.ts'
import type { doctorOptions, exportOptions, importOptions } from '../../server/commands.ts'
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
