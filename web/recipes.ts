/** How to point an app at Mailcatch, by framework. `host` and `port` are those of the SMTP listener. */
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
})`,
  },
  {
    name: 'Rails',
    file: 'config/environments/development.rb',
    text: (host, port) => `config.action_mailer.delivery_method = :smtp
config.action_mailer.smtp_settings = {
  address: "${host}",
  port: ${port}
}`,
  },
  {
    name: 'Laravel',
    file: '.env',
    text: (host, port) => `MAIL_MAILER=smtp
MAIL_HOST=${host}
MAIL_PORT=${port}
MAIL_USERNAME=null
MAIL_PASSWORD=null`,
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
    text: (host, port) => `MAILER_DSN=smtp://${host}:${port}`,
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
    text: (host, port) => `err := smtp.SendMail("${host}:${port}", nil,
	"app@example.com", []string{"ada@example.com"},
	[]byte("Subject: Hello\\r\\n\\r\\nIt works."))`,
  },
  {
    name: 'curl',
    file: 'shell',
    text: (host, port) => `printf 'Subject: Hello\\n\\nIt works.\\n' |
  curl smtp://${host}:${port} --upload-file - \\
    --mail-from app@example.com --mail-rcpt ada@example.com`,
  },
]
