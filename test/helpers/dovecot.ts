import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { makeCertificates } from './certificates.ts'
import { freePorts } from './free-port.ts'
import type { MailPorts, MailServer } from './mail-server.ts'
import { says, startTied } from './program.ts'

/** Whether Debian's dovecot-imapd and dovecot-pop3d are there. */
export const hasDovecot = (): boolean =>
  spawnSync('dovecot', ['--version'], { stdio: 'ignore' }).status === 0

const PASSWORD = 'secret'

const isRoot = process.getuid?.() === 0

/** Dovecot never reads mail as root. */
const MAIL_USER = isRoot ? { name: 'nobody', uid: 65534, gid: 65534 } : null

/**
 * A Dovecot of the test's own: its configuration, sockets, state and mail lie in a temporary folder and it listens on
 * free ports of 127.0.0.1, so that no service of the system is touched. Every user exists, with the password `secret`.
 */
export async function startDovecot(): Promise<MailServer> {
  const certificates = await makeCertificates()
  const folder = mkdtempSync(join(tmpdir(), 'mailcatch-dovecot-'))
  chmodSync(folder, 0o755)
  const home = join(folder, 'home')
  mkdirSync(home)
  if (MAIL_USER) chownSync(home, MAIL_USER.uid, MAIL_USER.gid)
  const ports: MailPorts = await freePorts('pop3', 'pop3s', 'imap', 'imaps')
  const file = join(folder, 'dovecot.conf')
  writeFileSync(file, configuration({ folder, home, ports, certificate: certificates.server }))

  const dovecot = startTied('dovecot', ['-F', '-c', file])
  const errors = dovecot.streams[2] as Readable
  let log = ''
  errors.on('data', text => {
    log += text
  })
  // Its ports are open by then.
  await says(errors, /starting up for/)
  let delivered = 0
  const close = async () => {
    await dovecot.end()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    certificates.remove()
  }
  const deliver = async (user: string, messages: readonly Uint8Array[]) => {
    const maildir = makeMaildir(join(home, user))
    for (const message of messages) {
      // Dovecot numbers new files in the order of their names.
      const name = `${1_700_000_000 + ++delivered}.M1P1.localhost`
      const temporary = join(maildir, 'tmp', name)
      await writeFile(temporary, message)
      if (MAIL_USER) chownSync(temporary, MAIL_USER.uid, MAIL_USER.gid)
      await rename(temporary, join(maildir, 'new', name))
    }
  }
  return {
    name: 'dovecot',
    ports,
    caFile: certificates.ca,
    password: PASSWORD,
    log: () => log,
    deliver,
    send: (user, message) => deliver(user, [message]),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function makeMaildir(home: string): string {
  const maildir = join(home, 'Maildir')
  for (const folder of [home, maildir, ...['tmp', 'new', 'cur'].map(name => join(maildir, name))]) {
    mkdirSync(folder, { recursive: true })
    if (MAIL_USER) chownSync(folder, MAIL_USER.uid, MAIL_USER.gid)
  }
  return maildir
}

const SPECIAL_USE = ['Sent', 'Drafts', 'Junk', 'Trash', 'Archive']

function configuration({
  folder,
  home,
  ports,
  certificate,
}: {
  readonly folder: string
  readonly home: string
  readonly ports: MailPorts
  readonly certificate: string
}): string {
  const user = MAIL_USER ?? { uid: process.getuid?.(), gid: process.getgid?.() }
  const listener = (service: string, [plain, secure]: readonly [string, string]) => `
service ${service}-login {
  ${isRoot ? '' : 'chroot ='}
  process_min_avail = 1
  inet_listener ${plain} {
    port = ${ports[plain as keyof MailPorts]}
  }
  inet_listener ${secure} {
    port = ${ports[secure as keyof MailPorts]}
    ssl = yes
  }
}`
  return `
base_dir = ${folder}/base
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap pop3
listen = 127.0.0.1
${isRoot ? '' : withoutRoot()}
ssl = yes
ssl_cert = <${certificate}
ssl_key = <${certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-256 apop
auth_failure_delay = 0
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${user.uid} gid=${user.gid} home=${home}/%u
}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
lda_mailbox_autocreate = yes
namespace inbox {
  inbox = yes
  separator = /
  mailbox INBOX {
    auto = subscribe
  }
${SPECIAL_USE.map(name => `  mailbox ${name} {\n    auto = subscribe\n    special_use = \\${name}\n  }`).join('\n')}
}
service anvil {
  ${isRoot ? '' : 'chroot ='}
  # No waiting after a login that failed.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${listener('imap', ['imap', 'imaps'])}
${listener('pop3', ['pop3', 'pop3s'])}
`
}

/** Everything runs as one user, and nothing is put into a root of its own. */
const withoutRoot = () => `
default_internal_user = ${userInfo().username}
default_login_user = ${userInfo().username}
default_internal_group = ${spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim()}
`
