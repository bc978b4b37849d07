import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Why tests that measure another process skip themselves; false where they can run. */
export const noProcessFigures = existsSync('/proc/self/fd') ? false : 'there is no /proc here'

/** What a process takes now, in octets. */
export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** How many files, sockets and pipes a process has open. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** How many of them are files of the disk. */
export const filesOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter(name => linkOf(`/proc/${pid}/fd/${name}`).startsWith('/'))
    .length

/** `''` where it is closed by now. */
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
