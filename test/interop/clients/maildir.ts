import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from './account.ts'

/** A client that keeps a copy of all mailboxes, and carries what changed on either side to the other. */
export type SyncClient = {
  readonly name: string
  readonly programs: readonly string[]
  /** Copies to and from the Maildir folders below `home`/mail, one for each mailbox. */
  sync(account: Account): Promise<void>
}

type LocalMail = { readonly path: string; readonly text: string; readonly flags: string }

/** Maildir's letters of the flags, by IMAP's names. */
const LETTERS: Readonly<Record<string, string>> = {
  '\\Draft': 'D',
  '\\Flagged': 'F',
  '\\Answered': 'R',
  '\\Seen': 'S',
}

/** What lies in a Maildir, by subject: flags as IMAP names them, sorted, in one text with the subject. */
export async function localInShort(folder: string): Promise<readonly string[]> {
  const mails = await localMails(folder)
  return mails
    .map(({ text, flags }) => {
      const names = Object.entries(LETTERS).flatMap(([name, letter]) =>
        flags.includes(letter) ? [name] : [],
      )
      return [subjectOf(text), ...names.toSorted()].join(' ')
    })
    .toSorted()
}

/** The texts of a Maildir with the line ends of this machine. */
export const localTexts = async (folder: string): Promise<readonly string[]> =>
  (await localMails(folder)).map(({ text }) => withoutMark(text)).toSorted()

/** Without the field by which mbsync and offlineimap find a message again. */
export const withoutMark = (text: string): string =>
  text.replace(/^X-(?:TUID|OfflineIMAP): .*\r?\n/m, '')

/** Gives the mail of that subject the letters of Maildir's flags in place of those it has. */
export async function setFlags(folder: string, subject: string, letters: string): Promise<void> {
  const mail = (await localMails(folder)).find(({ text }) => subjectOf(text) === subject)
  if (!mail) throw new Error(`${folder}: no ${subject}`)
  const name = mail.path.slice(mail.path.lastIndexOf('/') + 1).replace(/:2,.*$/, '')
  await rename(mail.path, join(folder, 'cur', `${name}:2,${letters}`))
}

/** Takes the mail of that subject away. */
export async function removeLocally(folder: string, subject: string): Promise<void> {
  const mail = (await localMails(folder)).find(({ text }) => subjectOf(text) === subject)
  if (!mail) throw new Error(`${folder}: no ${subject}`)
  await rm(mail.path)
}

/** Puts a mail into a Maildir, which is made where it is not there. */
export async function addLocally(folder: string, text: string, letters: string): Promise<void> {
  for (const name of ['cur', 'new', 'tmp']) await mkdir(join(folder, name), { recursive: true })
  const name = `${Date.now()}.${process.hrtime.bigint()}.localhost:2,${letters}`
  await writeFile(join(folder, 'cur', name), text.replaceAll('\r\n', '\n'), 'latin1')
}

async function localMails(folder: string): Promise<readonly LocalMail[]> {
  const mails: LocalMail[] = []
  for (const name of ['cur', 'new']) {
    for (const file of await readdir(join(folder, name))) {
      const path = join(folder, name, file)
      const flags = /:2,(\w*)$/.exec(file)?.[1] ?? ''
      mails.push({ path, text: await readFile(path, 'latin1'), flags })
    }
  }
  return mails
}

const subjectOf = (text: string): string => /^Subject: (.*)$/m.exec(text)?.[1] ?? ''
