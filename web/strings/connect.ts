/** How to point an app here. */
export const connect = {
  title: 'Connect your app',
  lead: 'Send mail to this SMTP server: any address, any credentials. Nothing leaves this machine.',
  host: 'Host',
  port: 'Port',
  copyHost: 'Copy the host',
  copyPort: 'Copy the port',
  framework: 'Framework',
  copyRecipe: (name: string) => `Copy the settings for ${name}`,
  noSmtp: 'The SMTP server is switched off.',
  tls: 'An app that begins TLS by itself and does not trust Mailcatch’s certificate has to leave TLS out, as above, or Mailcatch is started with',
  mailClients: 'With a mail client',
  mailClientsLead:
    'A user name without @ sees everything, an address what was sent to it. Any password will do, unless Mailcatch was started with --auth.',
  protocol: 'Protocol',
  plainPort: 'Port',
  tlsPort: 'TLS port',
  off: 'off',
  sendTest: 'Send a test mail',
  waiting: 'Waiting for mail',
  api: 'HTTP API',
} as const
