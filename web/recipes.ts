/**
 * How to point an app at Mailcatch, by framework. `host` and `port` are those of the SMTP listener. Many libraries begin
 * TLS by themselves where STARTTLS is offered, and then refuse a certificate that they do not know: these say not to.
 */
export type Recipe = {
  readonly name: string
  readonly file: string
  readonly text: (host: string, port: number) => string
}

export const recipes: readonly Recipe[] = [
  {
    name: 'Node',
    file: 'nodemailer',
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
    text: (host, port) => `MAIL_MAILER=smtp
MAIL_URL=smtp://${host}:${port}?verify_peer=0`,
  },
  {
    name: 'Django',
    file: 'settings.py',
    text: (host, port) => `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "${host}"
EMAIL_PORT = ${port}`,
  },
  {
    name: 'Spring',
    file: 'application.properties',
    text: (host, port) => `spring.mail.host=${host}
spring.mail.port=${port}`,
  },
  {
    name: 'Symfony',
    file: '.env',
    text: (host, port) => `MAILER_DSN=smtp://${host}:${port}?verify_peer=0`,
  },
  {
    name: 'Phoenix',
    file: 'config/dev.exs',
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
    name: 'curl',
    file: 'shell',
    text: (host, port) => `printf 'Subject: Hello\\n\\nIt works.\\n' |
  curl smtp://${host}:${port} --upload-file - \\
    --mail-from app@example.com --mail-rcpt ada@example.com`,
  },
]
