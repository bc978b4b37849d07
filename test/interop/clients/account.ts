import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Tls = 'none' | 'starttls' | 'implicit'

/** What a person would type into a mail client, and where that client may keep its files. */
export type Account = {
  readonly host: string
  /** The port that goes with `tls`. */
  readonly port: number
  readonly tls: Tls
  readonly user: string
  readonly password: string
  /** PEM of the authority to trust. */
  readonly caFile: string
  /** An empty folder, then the same one in each call. */
  readonly home: string
}

/** A client of POP3, as far as a person sees it. */
export type Pop3Client = {
  readonly name: string
  /** What must be installed. */
  readonly programs: readonly string[]
  readonly tls: readonly Tls[]
  /** Whether it remembers, by UIDL, what it has fetched. */
  readonly remembers: boolean
  /** Fetches what it has not fetched yet and answers it, oldest first; takes it off the server with `removes`. */
  fetch(account: Account, removes: boolean): Promise<readonly Buffer[]>
}

/** What a client has put into a folder, oldest first. */
export async function filesIn(folder: string): Promise<readonly Buffer[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.sort().map(name => readFile(join(folder, name))))
}

/**
 * A program that a client may hand each message to: it puts what it reads into a file of a folder, which is emptied
 * now. The names of the files sort in the order of their arrival.
 */
export async function makeDelivery(home: string): Promise<{ program: string; folder: string }> {
  const folder = join(home, 'mails')
  const program = join(home, 'deliver')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  await writeFile(program, `#!/bin/sh\nexec cat > "${folder}/$(date +%s%N)"\n`, { mode: 0o700 })
  return { program, folder }
}
