import { COMMANDS, type CommandDefinition } from './commands.ts'
import { flagName, OPTION_KEYS, OPTIONS, type Option, type OptionTable } from './options.ts'

/** The text of `--help`. */
export function helpText(version: string): string {
  const table: OptionTable = OPTIONS
  const keys = Object.keys(table)
  const width = widthOf(table)
  const groups = [...new Set(keys.map(key => (table[key] as Option).group))]
  const sections = groups.map(group => {
    const options = Object.entries(table).filter(([, option]) => option.group === group)
    return `${group}\n${linesOf(Object.fromEntries(options), width)}`
  })
  const commands = COMMANDS.map(({ name, operands, help }) =>
    line(`${name} ${operands}`, help, width),
  )
  return `mailcatch ${version}: catches the mail your app sends, and shows it

Usage: mailcatch [options]
       mailcatch COMMAND [options]

Commands (mailcatch COMMAND --help tells more)
${commands.join('\n')}

${sections.join('\n\n')}
${line('--help, -h', 'print this', width)}
${line('--version, -v', 'print the version', width)}

Each option has an environment variable (--smtp-port: MAILCATCH_SMTP_PORT) and a key in
mailcatch.config.json (smtpPort). A flag beats a variable, a variable beats the file.
Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage, 3 port or data directory in use.
`
}

/** The text of `mailcatch COMMAND --help`. */
export function commandHelp({
  name,
  operands,
  help,
  details,
  options,
  exitCodes = '0 done, 1 failed or not complete, 2 wrong usage, 3 data directory in use',
}: CommandDefinition): string {
  const width = widthOf(options)
  return `mailcatch ${name}: ${help}

Usage: mailcatch ${name} [options] ${operands}

${details}

Options
${linesOf(options, width)}
${line('--help, -h', 'print this', width)}

Variables (--data: MAILCATCH_DATA) and mailcatch.config.json count here as they do for the server.
Exit codes: ${exitCodes}.
`
}

/** The README's table of every option, in Markdown. */
export function settingsTable(): string {
  const rows = OPTION_KEYS.map(key =>
    [
      `\`${usageOf(key, OPTIONS[key])}\``,
      key === 'config' ? '' : `\`${key}\``,
      shownDefault(OPTIONS[key]),
      OPTIONS[key].help,
    ].join(' | '),
  )
  return `| flag | key | default | what it does |
|---|---|---|---|
${rows.map(row => `| ${row} |`).join('\n')}`
}

const widthOf = (table: OptionTable): number =>
  Math.max(...Object.entries(table).map(entry => usageOf(...entry).length)) + 2

/** Where the usage leaves no room beside it, the help stands below. */
const line = (usage: string, help: string, width: number): string =>
  `  ${usage.length < width ? usage.padEnd(width) : `${usage}\n  ${''.padEnd(width)}`}${help}`

const linesOf = (table: OptionTable, width: number): string =>
  Object.entries(table)
    .map(([key, option]) => line(usageOf(key, option), option.help + defaultNote(option), width))
    .join('\n')

const usageOf = (key: string, option: Option): string =>
  `--${flagName(key, option)}${option.kind.placeholder ? ` ${option.kind.placeholder}` : ''}`

const defaultNote = (option: Option): string =>
  shownDefault(option) === '' ? '' : ` (${shownDefault(option)})`

/** `''` where the default goes without saying. */
function shownDefault({ shown, default: value, kind }: Option): string {
  if (shown !== undefined) return shown
  if (kind.placeholder === 'PORT') return value === null ? 'off' : String(value)
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
