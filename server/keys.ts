import { readFileSync } from 'node:fs'
import type { ReadStream } from 'node:tty'

/** What a key does; a key that is not in the map does nothing. */
export type Keys = ReadonlyMap<string, () => void>

const CTRL_Z = '\x1a'

/**
 * Listens to single keys on the terminal. Returns the way out, which gives the terminal back as it was.
 * Not for the background, see `isInForeground`.
 */
export function listenForKeys(input: ReadStream, keys: Keys): () => void {
  const begin = () => {
    input.setRawMode(true)
    input.resume()
  }
  const press = (typed: string) => {
    for (const key of typed) {
      if (key === CTRL_Z) suspend()
      else keys.get(key)?.()
    }
  }
  // A raw terminal hands Ctrl-Z over as a character; do what it would have done.
  const suspend = () => {
    input.setRawMode(false)
    process.kill(process.pid, 'SIGTSTP')
  }
  const wake = () => {
    if (isInForeground()) begin()
  }
  input.setEncoding('utf8')
  input.on('error', () => {}) // the terminal has gone: nobody presses a key any more
  input.on('data', press)
  process.on('SIGCONT', wake)
  begin()
  return () => {
    input.off('data', press)
    process.off('SIGCONT', wake)
    if (isInForeground()) input.setRawMode(false)
    input.pause()
  }
}

/**
 * Whether our process group owns the terminal. In the background (`mailcatch &`) to touch it would stop the process.
 * Where the system tells: proc(5), fields pgrp and tpgid.
 */
export function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[2] === fields[5]
  } catch {
    // No /proc, no such knowledge: a person started us in a terminal, most likely in front.
    return true
  }
}
