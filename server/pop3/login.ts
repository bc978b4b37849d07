import type { Credentials } from '../auth/credentials.ts'
import { openedLogin, type SaslResponse } from '../auth/sasl.ts'
import { saslprep } from '../auth/saslprep.ts'
import type { Account } from '../store/account.ts'
import { MailboxError } from '../store/store-error.ts'
import type { Answer, Service } from './command.ts'
import { Maildrop } from './maildrop.ts'
import { lockMaildrop } from './maildrop-lock.ts'
import { Pop3Error } from './reply.ts'

/** The credentials that are set, as those of clients are compared with them. */
export const prepareCredentials = ({ user, password }: Credentials): Credentials => ({
  user: saslprep(user) ?? user,
  password: saslprep(password) ?? password,
})

/**
 * Opens the maildrop of whom a client proved to be. Rejects with a Pop3Error: `AUTH` where it proved nothing, `IN-USE` where
 * another session has the maildrop, and goes on having it.
 */
export async function login(
  { store, auth, lockPatience }: Service,
  response: SaslResponse,
): Promise<Answer> {
  const name = openedLogin(auth, prepare(response), user => store.inboxes.credentialsOf(user))
  if (name === null) throw new Pop3Error('wrong name or password', 'AUTH')
  const account = open(store, name)
  const unlock = await lockMaildrop(account, lockPatience)
  if (!unlock) {
    store.mailboxes.close(account)
    throw new Pop3Error('another session has this maildrop', 'IN-USE')
  }
  const maildrop = new Maildrop(account.inbox)
  const close = () => {
    unlock()
    store.mailboxes.close(account)
  }
  return {
    text: maildrop.totalInWords,
    state: { name: 'transaction', maildrop, close },
  }
}

function open(store: Service['store'], name: string): Account {
  try {
    return store.mailboxes.open(name)
  } catch (error) {
    if (error instanceof MailboxError) throw new Pop3Error(error.message, 'AUTH')
    throw error
  }
}

function prepare(response: SaslResponse): SaslResponse {
  const user = prepareText(response.user)
  return 'password' in response
    ? { ...response, user, password: prepareText(response.password) }
    : { ...response, user }
}

function prepareText(text: string): string {
  const prepared = saslprep(text)
  if (prepared === null) throw new Pop3Error('that has a character that no name may have', 'AUTH')
  return prepared
}
