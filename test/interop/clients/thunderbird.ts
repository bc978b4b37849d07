import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { says, startTied, type Tied } from '../../helpers/program.ts'
import type { Account } from './account.ts'
import { Marionette } from './marionette.ts'

/** Values of nsMsgSocketType. */
const SOCKET_TYPE = { none: 0, starttls: 2, implicit: 3 }

/** Thunderbird with one IMAP account, in a window on a screen of its own. */
export class Thunderbird implements AsyncDisposable {
  readonly #marionette: Marionette
  readonly #processes: readonly Tied[]

  private constructor(marionette: Marionette, processes: readonly Tied[]) {
    this.#marionette = marionette
    this.#processes = processes
  }

  /** Starts it with a profile that asks nothing and calls nobody, and opens the account's INBOX. */
  static async open(account: Account): Promise<Thunderbird> {
    const profile = join(account.home, 'profile')
    await mkdir(profile, { recursive: true })
    await writeFile(join(profile, 'user.js'), preferences(account))
    const processes: Tied[] = []
    try {
      const size = ['-screen', '0', '1280x900x24', '-nolisten', 'tcp']
      const screen = startTied('Xvfb', ['-displayfd', '3', ...size], { signal: 'KILL', pipes: 4 })
      processes.push(screen)
      const [, display] = await says(screen.streams[3] as Readable, /^(\d+)\n/)
      const args = [
        '--profile',
        profile,
        '--no-remote',
        '--marionette',
        '--remote-allow-system-access',
      ]
      const env = {
        PATH: process.env.PATH,
        HOME: account.home,
        DISPLAY: `:${display}`,
        LANG: 'C.UTF-8',
      }
      const program = startTied('thunderbird', args, { signal: 'KILL', env })
      processes.push(program)
      program.streams[2]?.resume()
      const [, port] = await says(program.streams[1] as Readable, /Listening on port (\d+)/)
      const thunderbird = new Thunderbird(await Marionette.open(Number(port)), processes)
      await thunderbird.#logIn(account)
      return thunderbird
    } catch (error) {
      await endAll(processes)
      throw error
    }
  }

  /** What the list shows, from top to bottom. */
  async list(): Promise<
    readonly { readonly subject: string; readonly isRead: boolean; readonly isFlagged: boolean }[]
  > {
    const rows = await this.#inWindow(`
      return Array.from({ length: gDBView.rowCount }, (_, index) => {
        const header = gDBView.getMsgHdrAt(index)
        return { subject: header.mime2DecodedSubject, isRead: header.isRead, isFlagged: header.isFlagged }
      })`)
    return rows as { subject: string; isRead: boolean; isFlagged: boolean }[]
  }

  /** Resolves when the list shows just these subjects, in any order. */
  async shows(...subjects: readonly string[]): Promise<void> {
    await this.#inWindow(
      `const wanted = args.toSorted().join('\\n')
       await until(() => gDBView && Array.from({ length: gDBView.rowCount }, (_, index) =>
         gDBView.getMsgHdrAt(index).mime2DecodedSubject).toSorted().join('\\n') === wanted,
         () => 'it shows ' + Array.from({ length: gDBView?.rowCount ?? 0 }, (_, index) =>
           gDBView.getMsgHdrAt(index).mime2DecodedSubject))`,
      ...subjects,
    )
  }

  /** Clicks on a mail and answers the text of the page that shows it. */
  async read(subject: string): Promise<string> {
    await this.#select(subject)
    return String(
      await this.#inWindow(`
        const pane = () => messageBrowser.contentWindow.getMessagePaneBrowser()
        const header = gDBView.getMsgHdrAt(gDBView.viewIndexForFirstSelectedMsg)
        let text = ''
        await until(() => {
          const page = pane().contentDocument
          text = page?.readyState === 'complete' && page.body?.textContent.trim()
          return text && messageBrowser.contentWindow.gMessage === header && header.isRead
        }, () => 'it is not shown, or not read: ' + pane().currentURI.spec)
        return text`),
    )
  }

  /** Does with a mail what a command of the menu does, such as `cmd_markAsFlagged` or `cmd_delete`. */
  async command(subject: string, command: string): Promise<void> {
    await this.#select(subject)
    await this.#inWindow('commandController.doCommand(args[0])', command)
  }

  /** Moves a mail into a folder of the account. */
  async move(subject: string, folder: string): Promise<void> {
    await this.#select(subject)
    await this.#inWindow(
      `const target = gFolder.rootFolder.subFolders.find(({ name }) => name === args[0])
       commandController.doCommand('cmd_moveMessage', target)`,
      folder,
    )
  }

  /** The names of the account's folders. */
  async folders(): Promise<readonly string[]> {
    return (await this.#inWindow(
      'return gFolder.rootFolder.subFolders.map(({ name }) => name)',
    )) as string[]
  }

  /** The window as a PNG. */
  screenshot(): Promise<Buffer> {
    return this.#marionette.screenshot()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#marionette.close()
    await endAll(this.#processes)
  }

  /** Trusts the authority, knows the password, and opens the INBOX. */
  async #logIn({ user, password, caFile }: Account): Promise<void> {
    const certificate = (await readFile(caFile, 'utf8')).replace(/-----.*-----|\s/g, '')
    await this.#marionette.run(
      `const [certificate, user, password] = args
       const certificates = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB)
       certificates.addCertFromBase64(certificate, 'C,C,C')
       const login = Cc['@mozilla.org/login-manager/loginInfo;1'].createInstance(Ci.nsILoginInfo)
       login.init('imap://localhost', null, 'imap://localhost', user, password, '', '')
       await Services.logins.addLoginAsync(login)`,
      certificate,
      user,
      password,
    )
    await this.#inWindow(`
      const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs')
      const server = MailServices.accounts.allServers.find(({ type }) => type === 'imap')
      server.getNewMessages(server.rootFolder, window.msgWindow, null)
      const inbox = () => server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox)
      await until(() => inbox() && server.rootFolder.subFolders.length > 3, () => 'no folders')
      displayFolder(inbox())
      await until(() => gFolder === inbox() && gDBView, () => 'no INBOX')`)
  }

  /** Clicks on a mail, which shows it, and so it is read. */
  async #select(subject: string): Promise<void> {
    await this.#inWindow(
      `const index = Array.from({ length: gDBView.rowCount }, (_, index) => index)
         .find(index => gDBView.getMsgHdrAt(index).mime2DecodedSubject === args[0])
       if (index === undefined) throw new Error('there is no ' + args[0])
       threadTree.selectedIndex = index
       await until(() => {
         const header = gDBView.getSelectedMsgHdrs()[0]
         return gDBView.selection.count === 1 && header?.mime2DecodedSubject === args[0] && header.isRead
       }, () => 'it is not selected, or not read')`,
      subject,
    )
  }

  /** Runs in the part of the window that has folders, list and message; `until` waits for what it is told. */
  #inWindow(body: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#marionette.run(
      `const mail = Services.wm.getMostRecentWindow('mail:3pane')
       const until = async (condition, describe) => {
         const tooLate = Date.now() + 45000
         while (!condition()) {
           if (Date.now() > tooLate) throw new Error('waited too long: ' + describe())
           await new Promise(resolve => mail.setTimeout(resolve, 50))
         }
       }
       await until(() => mail?.gTabmail?.currentAbout3Pane?.displayFolder, () => 'no window')
       const pane = mail.gTabmail.currentAbout3Pane
       const names = ['displayFolder', 'commandController', 'threadTree', 'messageBrowser']
       const run = new (async () => {}).constructor('window', 'args', 'until', 'Cc', 'Ci', 'ChromeUtils',
         'with (window) { ' + args.shift() + ' }')
       return run.call(pane, pane, args, until, Cc, Ci, ChromeUtils)`,
      body,
      ...args,
    )
  }
}

/** Ends them, the last one first. */
async function endAll(processes: readonly Tied[]): Promise<void> {
  for (const process of processes.toReversed()) await process.end()
}

function preferences({ host, port, tls, user }: Account): string {
  const values: Readonly<Record<string, string | number | boolean>> = {
    'marionette.port': 0,
    'mail.account.account1.server': 'server1',
    'mail.account.account1.identities': 'id1',
    'mail.accountmanager.accounts': 'account1',
    'mail.accountmanager.defaultaccount': 'account1',
    'mail.identity.id1.useremail': user,
    'mail.identity.id1.fullName': 'Ann',
    'mail.identity.id1.valid': true,
    'mail.server.server1.type': 'imap',
    'mail.server.server1.hostname': host,
    'mail.server.server1.port': port,
    'mail.server.server1.userName': user,
    'mail.server.server1.name': user,
    'mail.server.server1.socketType': SOCKET_TYPE[tls],
    // A password as it is.
    'mail.server.server1.authMethod': 3,
    'mail.server.server1.login_at_startup': false,
    'mail.server.server1.check_new_mail': true,
    'mail.server.server1.use_idle': true,
    // No wizard, tour, rights, donation, start page or question about the default client.
    'mail.provider.suppress_dialog_on_startup': true,
    'mail.spotlight.firstRunDone': true,
    'mail.winsearch.firstRunDone': true,
    'mail.shell.checkDefaultClient': false,
    'mail.rights.version': 1,
    'mailnews.start_page.enabled': false,
    'mailnews.start_page_override.mstone': 'ignore',
    'app.donation.eoy.version.viewed': 999,
    'mail.inappnotifications.enabled': false,
    'browser.policies.runOncePerModification.removeSearchEngines': '',
    // Nothing may go out: no updates, no telemetry, and whatever else there is goes to a proxy that is not there.
    'app.update.disabledForTesting': true,
    'app.normandy.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'datareporting.healthreport.uploadEnabled': false,
    'toolkit.telemetry.enabled': false,
    'extensions.update.enabled': false,
    'extensions.systemAddon.update.enabled': false,
    'services.settings.server': 'http://127.0.0.1:9/',
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': 9,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': 9,
    'network.proxy.no_proxies_on': 'localhost, 127.0.0.1',
  }
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('')
}
