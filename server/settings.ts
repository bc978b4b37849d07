import { flagOf, OPTION_KEYS, OPTIONS, type OptionKey } from './options.ts'

/** The text of `--help`. */
export function helpText(version: string): string {
  const width = Math.max(...OPTION_KEYS.map(key => usageOf(key).length)) + 2
  const line = (usage: string, help: string) => `  ${usage.padEnd(width)}${help}`
  const groups = [...new Set(OPTION_KEYS.map(key => OPTIONS[key].group))]
  const sections = groups.map(group => {
    const keys = OPTION_KEYS.filter(key => OPTIONS[key].group === group)
    const lines = keys.map(key => line(usageOf(key), OPTIONS[key].help + defaultNote(key)))
    return `${group}\n${lines.join('\n')}`
  })
  return `mailcatch ${version}: catches the mail your app sends, and shows it

Usage: mailcatch [options]

${sections.join('\n\n')}
${line('--help, -h', 'print this')}
${line('--version, -v', 'print the version')}

Each option has an environment variable (--smtp-port: MAILCATCH_SMTP_PORT) and a key in
mailcatch.config.json (smtpPort). A flag beats a variable, a variable beats the file.
Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage, 3 port or data directory in use.
`
}

/** The README's table of every option, in Markdown. */
export function settingsTable(): string {
  const rows = OPTION_KEYS.map(key =>
    [
      `\`${usageOf(key)}\``,
      key === 'config' ? '' : `\`${key}\``,
      shownDefault(key),
      OPTIONS[key].help,
    ].join(' | '),
  )
  return `| flag | key | default | what it does |
|---|---|---|---|
${rows.map(row => `| ${row} |`).join('\n')}`
}

const usageOf = (key: OptionKey): string =>
  `--${flagOf(key)}${OPTIONS[key].kind.placeholder ? ` ${OPTIONS[key].kind.placeholder}` : ''}`

const defaultNote = (key: OptionKey): string =>
  shownDefault(key) === '' ? '' : ` (${shownDefault(key)})`

/** `''` where the default goes without saying. */
function shownDefault(key: OptionKey): string {
  const { shown, default: value, kind } = OPTIONS[key]
  if (shown !== undefined) return shown
  if (kind.placeholder === 'PORT') return value === null ? 'off' : String(value)
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
