/**
 * How to point an app at Mailcatch, by framework: the connect panel shows them, and the README has the same texts. `host`
 * and `port` are those of the SMTP listener. Many libraries begin TLS by themselves where STARTTLS is offered, and then
 * refuse a certificate that they do not know: these say not to.
 */
export type Recipe = {
  readonly name: string
  readonly file: string
  /** Of the code, for the README. */
  readonly language: string
  readonly text: (host: string, port: number) => string
}

export const recipes: readonly Recipe[] = [
  {
    name: 'Node',
    file: 'nodemailer',
    language: 'ts',
    text: (host, port) => `import nodemailer from 'nodemailer'

const transport = nodemailer.createTransport({
  host: '${host}',
  port: ${port},
  ignoreTLS: true,
})`,
  },
  {
    name: 'Rails',
    file: 'config/environments/development.rb',
    language: 'ruby',
    text: (host, port) => `config.action_mailer.delivery_method = :smtp
config.action_mailer.smtp_settings = {
  address: "${host}",
  port: ${port},
  enable_starttls_auto: false
}`,
  },
  {
    name: 'Laravel',
    file: '.env',
    language: 'sh',
    text: (host, port) => `MAIL_MAILER=smtp
MAIL_URL=smtp://${host}:${port}?verify_peer=0`,
  },
  {
    name: 'Django',
    file: 'settings.py',
    language: 'python',
    text: (host, port) => `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "${host}"
EMAIL_PORT = ${port}`,
  },
  {
    name: 'Spring',
    file: 'application.properties',
    language: 'properties',
    text: (host, port) => `spring.mail.host=${host}
spring.mail.port=${port}`,
  },
  {
    name: 'Symfony',
    file: '.env',
    language: 'sh',
    text: (host, port) => `MAILER_DSN=smtp://${host}:${port}?verify_peer=0`,
  },
  {
    name: 'Phoenix',
    file: 'config/dev.exs',
    language: 'elixir',
    text: (host, port) => `config :my_app, MyApp.Mailer,
  adapter: Swoosh.Adapters.SMTP,
  relay: "${host}",
  port: ${port},
  ssl: false,
  tls: :never,
  auth: :never`,
  },
  {
    name: 'Go',
    file: 'main.go',
    language: 'go',
    text: (host, port) => `// smtp.SendMail would insist on a certificate that it trusts
c, err := smtp.Dial("${host}:${port}")
c.Mail("app@example.com")
c.Rcpt("ada@example.com")
w, err := c.Data()
io.WriteString(w, "Subject: Hello\\r\\n\\r\\nIt works.")
w.Close()
c.Quit()`,
  },
  {
    name: '.NET',
    file: 'Program.cs (MailKit)',
    language: 'csharp',
    text: (host, port) => `using var client = new SmtpClient();
await client.ConnectAsync("${host}", ${port}, SecureSocketOptions.None);
await client.SendAsync(message);
await client.DisconnectAsync(true);`,
  },
  {
    name: 'PHP',
    file: 'php.ini, for mail()',
    language: 'ini',
    text: () => `; hands what mail() writes to the Mailcatch that runs on this machine
sendmail_path = "npx mailcatch sendmail -t -i"`,
  },
  {
    name: 'Python',
    file: 'smtplib',
    language: 'python',
    text: (host, port) => `import smtplib

with smtplib.SMTP("${host}", ${port}) as smtp:
    smtp.send_message(message)`,
  },
  {
    name: 'Docker Compose',
    file: 'compose.yaml',
    language: 'yaml',
    text: () => `services:
  mailcatch:
    image: node:22-alpine
    command: npx --yes mailcatch --host 0.0.0.0 --no-auth --data /data
    ports:
      - 127.0.0.1:8025:8025 # the inbox, for this machine alone
    volumes:
      - mail:/data
  app:
    environment:
      SMTP_HOST: mailcatch
      SMTP_PORT: 1025
volumes:
  mail:`,
  },
  {
    name: 'GitHub Actions',
    file: '.github/workflows/test.yaml',
    language: 'yaml',
    text: () => `steps:
  - run: npx --yes mailcatch --memory &
  - run: curl --silent --fail --retry 30 --retry-connrefused --retry-delay 1 localhost:8025/readyz
  - run: npm test
    env:
      SMTP_HOST: localhost
      SMTP_PORT: 1025
      MAILCATCH_URL: http://localhost:8025`,
  },
  {
    name: 'curl',
    file: 'shell',
    language: 'sh',
    text: (host, port) => `printf 'Subject: Hello\\n\\nIt works.\\n' |
  curl smtp://${host}:${port} --upload-file - \\
    --mail-from app@example.com --mail-rcpt ada@example.com`,
  },
]
