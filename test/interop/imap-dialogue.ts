import type { MailServer } from '../helpers/mail-server.ts'
import type { Exchange } from './differential.ts'
import { type Answer, ImapLine } from './imap-line.ts'
import { mailboxOf, normaliseAnswer } from './imap-normal.ts'
import { UidNames } from './uid-names.ts'

/**
 * The sessions of one user, each logged in. A command may begin with the number of its session (`2: NOOP`), without it
 * is said in the first; `%3` stands for the UID of the third message in the mailbox that is selected there, `⟨…⟩` is
 * sent as a literal, `LINE text` is a line that is no command, and `CONNECT` begins the session anew without a login.
 */
export async function playImap(
  server: MailServer,
  user: string,
  commands: readonly string[],
): Promise<readonly Exchange[]> {
  const sessions = new Map<string, ImapLine>()
  const selected = new Map<string, string>()
  const names = new UidNames()
  const exchanges: Exchange[] = []
  try {
    names.learn('INBOX', await uidsOfInbox(server, user))
    for (const command of commands) {
      const [, number = '1', text = ''] = /^(?:(\d): )?([\s\S]*)$/.exec(command) ?? []
      let session = sessions.get(number)
      if (!session || text === 'CONNECT') {
        session?.destroy()
        session =
          text === 'CONNECT'
            ? await ImapLine.open(server.ports.imap)
            : await ImapLine.login(server.ports.imap, user, server.password)
        sessions.set(number, session)
        if (text === 'CONNECT') continue
        // It is a new session because the last one was closed on us.
        if (selected.has(number)) await session.ask(`EXAMINE "${selected.get(number)}"`)
      }
      const before = selected.get(number)
      const said = names.fill(text, before).replaceAll('{user}', user)
      const answer = await ask(session, said)
      if (answer.tagged === '(closed)') sessions.delete(number)
      if (/^(?:SELECT|EXAMINE) /i.test(text)) {
        if (answer.tagged.startsWith('OK')) selected.set(number, mailboxOf(text))
        else selected.delete(number)
      } else if (/^(?:CLOSE|UNSELECT)/i.test(text)) selected.delete(number)
      const at = selected.get(number) ?? before
      exchanges.push({ command, answer: normaliseAnswer(text, answer, names, at) })
    }
  } finally {
    for (const session of sessions.values()) session.destroy()
  }
  return exchanges
}

const ask = (session: ImapLine, text: string): Promise<Answer> =>
  text.startsWith('LINE ') ? session.say(text.slice(5)) : session.ask(text)

async function uidsOfInbox(server: MailServer, user: string): Promise<readonly number[]> {
  const imap = await ImapLine.login(server.ports.imap, user, server.password)
  await imap.ask('EXAMINE INBOX')
  const { untagged } = await imap.ask('UID SEARCH ALL')
  imap.destroy()
  const line = untagged.find(response => /^E?SEARCH/.test(response)) ?? ''
  return line.split(' ').slice(1).map(Number)
}
