import { spawnSync } from 'node:child_process'

/** A system call that came to its end without an error: its name, its arguments, and where it began and ended. */
export type SystemCall = {
  readonly name: string
  readonly text: string
  /** Lines of the trace: what begins after another has ended has a greater number. */
  readonly start: number
  readonly end: number
}

const traced = 'fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg'

/** The command that runs another one and writes down its system calls, descriptors as paths. */
export const traceTo = (path: string): string[] => [
  'strace',
  ...['-f', '-y', '-s', '200', '-e', `trace=${traced}`, '-o', path],
]

/** Why system calls cannot be watched here; null where they can. */
export const untraceable = (): string | null => {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'])
  if (error) return 'there is no strace'
  return status === 0 ? null : `strace may not: ${stderr.toString().trim()}`
}

/** Reads a trace; a call that another thread's lines are in the midst of is put together again. */
export const readTrace = (trace: string): SystemCall[] => {
  const calls: SystemCall[] = []
  const open = new Map<string, { readonly name: string; readonly text: string; start: number }>()
  trace.split('\n').forEach((line, index) => {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const begun = /^(\w+)\((.*?)( <unfinished \.\.\.>|\) += .*)$/s.exec(rest)
    const resumed = /^<\.\.\. (\w+) resumed>(.*?)\) += (.*)$/s.exec(rest)
    if (begun) {
      const [, name = '', text = '', tail = ''] = begun
      if (tail.startsWith(' <')) open.set(thread, { name, text, start: index })
      else if (!/ = -1/.test(tail)) calls.push({ name, text, start: index, end: index })
      return
    }
    const first = open.get(thread)
    if (!resumed || !first) return
    open.delete(thread)
    const [, name = '', text = '', result = ''] = resumed
    if (name !== first.name || result.startsWith('-1')) return
    calls.push({ name, text: first.text + text, start: first.start, end: index })
  })
  return calls
}
