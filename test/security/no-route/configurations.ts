import { join } from 'node:path'
import { COMMANDS } from '../../../server/commands.ts'
import { flagOf, OPTION_KEYS } from '../../../server/options.ts'
import type { Address } from '../../helpers/round-trip.ts'

/** Files that a configuration names. */
export type Files = {
  readonly home: string
  /** PEM, with its key. */
  readonly certificate: string
  readonly settings: string
}

export type Configuration = {
  readonly args: readonly string[]
  readonly login?: Address['login']
}

const plain = ['--smtp-port=0', '--pop3-port=0', '--imap-port=0', '--http-port=0', '--json']

/** Each option is in one of them, with a value that is not its default. */
export const configurationsWith = ({
  home,
  certificate,
  settings,
}: Files): readonly Configuration[] => [
  { args: [...plain, '--open'] },
  {
    args: [
      ...[...plain, '--smtps-port=0', '--pop3s-port=0', '--imaps-port=0', '--https-port=0'],
      ...[`--tls-cert=${certificate}`, `--tls-key=${certificate}`, '--fsync'],
      ...[`--data=${join(home, 'elsewhere')}`, '--max-message-size=1MiB', '--max-recipients=10'],
    ],
  },
  {
    args: [
      ...[...plain, '--host=0.0.0.0', '--auth=ann:secret', '--no-starttls', '--memory', '--quiet'],
      ...['--base-path=/mail', '--max-bytes=64MiB'],
    ],
    login: { user: 'ann', password: 'secret' },
  },
  {
    args: [
      ...[...plain, '--host=::', '--no-auth', '--allow-remote', '--allow-host=mail.example.com'],
      ...['--verbose', '--no-color', `--config=${settings}`],
    ],
  },
  {
    args: [
      ...[...plain, '--allow-origin=https://app.example.com', '--max-age=1d', '--keep-flagged'],
      ...['--no-delete', '--max-messages=1000', '--smtp-auth=round-trip@example.com:secret'],
    ],
    // The mailbox of its own name has what it sends.
    login: { user: 'round-trip@example.com', password: 'secret' },
  },
]

/** What `--config` reads: an option that only a file says. */
export const SETTINGS = { maxAge: '2d' }

export type Stage = readonly { readonly args: readonly string[]; readonly input?: string }[]

/** Every command, at this URL or in this home; those of a stage may run side by side. */
export const stagesAt = (url: string, home: string): readonly Stage[] => [
  [
    { args: ['list', '--url', url] },
    { args: ['show', '1', '--url', url] },
    { args: ['wait', '--url', url, '--timeout', '1s'] },
    { args: ['send', '--url', url, '--to', 'ann@example.com'] },
    { args: ['sendmail', '-t', '--url', url], input: 'To: ann@mx.example.com\n\nHello\n' },
    { args: ['export', join(home, 'out'), '--url', url] },
    { args: ['--help'] },
  ],
  [{ args: ['import', join(home, 'out'), '--url', url] }],
  [{ args: ['clear', '--url', url] }],
]

/** What needs the data directory for itself. */
export const ALONE: Stage = [{ args: ['doctor'] }]

/** The flags that none of the configurations has. */
export const flagsWithout = (configurations: readonly Configuration[]): readonly string[] => {
  const said = new Set(configurations.flatMap(({ args }) => args.map(arg => arg.split('=')[0])))
  return OPTION_KEYS.map(key => `--${flagOf(key)}`).filter(flag => !said.has(flag))
}

/** The commands that none of the stages has. */
export const commandsWithout = (stages: readonly Stage[]): readonly string[] => {
  const run = new Set(stages.flatMap(stage => stage.map(({ args }) => args[0])))
  return COMMANDS.map(({ name }) => name).filter(name => !run.has(name))
}
