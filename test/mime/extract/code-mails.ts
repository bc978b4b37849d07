import type { Composed } from './mail.ts'

/** A mail with a code, in so many words: what a test should get of it. */
export type CodeMail = Composed & {
  readonly name: string
  /** All that are equally likely: more than one where the mail itself is ambiguous. */
  readonly codes: readonly string[]
}

const button = (href: string, text: string) =>
  `<table role="presentation"><tr><td bgcolor="#1155cc"><a href="${href}" style="display:inline-block;padding:12px 24px;background:#1155cc;color:#ffffff">${text}</a></td></tr></table>`

const footer = `<table><tr><td style="font-size:12px;color:#999999">Acme Inc., 1234 Market Street, Suite 5600, San Francisco, CA 94103<br>
Tel. +1 (415) 555-0142 · © 2026 Acme Inc. · Company No. 08123456<br><a href="https://acme.example/unsubscribe?u=482000">Unsubscribe</a></td></tr></table>`

const page = (body: string, head = '') =>
  `<!doctype html><html><head><title>Acme 2026</title><style>.c{color:#482913}</style>${head}</head><body>${body}${footer}</body></html>`

export const codeMails: readonly CodeMail[] = [
  // English
  {
    name: 'plain and short',
    subject: 'Your verification code',
    text: 'Your verification code is 482913.\n\nIt expires in 10 minutes. Never share it.',
    codes: ['482913'],
  },
  { name: 'a colon', text: 'Security code: 0042\n', codes: ['0042'] },
  { name: 'the code first', text: '482913 is your Acme code.', codes: ['482913'] },
  {
    name: 'in the subject only',
    subject: '482 913 is your sign-in code',
    text: 'See the subject.',
    codes: ['482913'],
  },
  {
    name: 'on its own line',
    text: 'Hi Ann,\n\nHere is your one-time passcode:\n\n    48291357\n\nThanks,\nThe Acme team\n1234 Market Street\nSan Francisco, CA 94103',
    codes: ['48291357'],
  },
  {
    name: 'in a heading, with a preheader that holds another number',
    html: page(
      '<div style="display:none;max-height:0;overflow:hidden">Order 118822 · code 998877 inside</div><p>Use this code to sign in:</p><h1 style="letter-spacing:8px">482913</h1><p>If you did not ask for it, call 555-0142.</p>',
    ),
    codes: ['482913'],
  },
  {
    name: 'one digit per cell',
    html: page(
      '<p>Enter this code to verify your e-mail address:</p><table><tr><td>4</td><td>8</td><td>2</td><td>9</td><td>1</td><td>3</td></tr></table><p>The code expires in 15 minutes.</p>',
    ),
    codes: ['482913'],
  },
  {
    name: 'one digit per nested table',
    html: page(
      `<p>Your login code</p><table><tr>${[...'7041'].map(digit => `<td><table><tr><td class="digit">${digit}</td></tr></table></td>`).join('\n')}</tr></table>`,
    ),
    codes: ['7041'],
  },
  { name: 'grouped by a hyphen', text: 'Your Acme confirmation code: 123-456', codes: ['123456'] },
  {
    name: 'grouped by a no-break space',
    html: page('<p>Your code is <b>731&nbsp;204</b></p>'),
    codes: ['731204'],
  },
  { name: 'spaced out', text: 'Your PIN: 4 8 2 9', codes: ['4829'] },
  {
    name: 'with a letter before',
    text: 'G-482913 is your Google verification code.',
    codes: ['G-482913'],
  },
  {
    name: 'letters and digits',
    text: 'Enter this code when asked:\n\nABCD-1234\n',
    codes: ['ABCD-1234'],
  },
  { name: 'capitals and digits', text: 'Your login code is X7K9PQ', codes: ['X7K9PQ'] },
  {
    name: 'letters only',
    subject: 'Connect a device',
    text: 'To connect your device, enter this code:\n\nWDJB-MJHT\n',
    codes: ['WDJB-MJHT'],
  },
  { name: 'a word of letters', text: 'Access code: KXWPQZ\n', codes: ['KXWPQZ'] },
  { name: 'small letters', text: 'Your one-time code: 4f7a9c', codes: ['4f7a9c'] },
  { name: 'what tests write', text: 'Your verification code is 123456', codes: ['123456'] },
  { name: 'zeros', text: 'Your code is 000000', codes: ['000000'] },
  { name: 'a year', text: 'Your PIN is 2024', codes: ['2024'] },
  { name: 'never called a code', text: 'Enter 482913 to sign in to Acme.', codes: ['482913'] },
  {
    name: 'with a link that hands it over',
    text: 'Type 731204, or open https://app.acme.example/magic?code=731204&next=%2Fhome',
    codes: ['731204'],
  },
  {
    name: 'beside an order number, a date, a price and a phone number',
    subject: 'Order #5512884: confirm it',
    text: 'Order #5512884 of 2026-11-21 over $1,284.50 waits for you.\nYour confirmation code is 482913. Questions? Call 0800 123456 or +1 415 555 0142.\nReference number: 99120045\n',
    codes: ['482913'],
  },
  {
    name: 'after the number of what it is for',
    text: 'Your verification code for order 5512884 is 482913.',
    codes: ['482913'],
  },
  {
    name: 'before the number of what it is for',
    text: 'Use code 482913 for booking 99120045.',
    codes: ['482913'],
  },
  {
    name: 'after a phone number',
    text: 'The code for the number ending in 4242 is 880123.',
    codes: ['880123'],
  },
  {
    name: 'in a table of facts',
    html: page(
      '<table><tr><td>Account</td><td>ann@example.com</td></tr><tr><td>Customer number</td><td>20034455</td></tr><tr><td>Verification code</td><td>482913</td></tr><tr><td>Date</td><td>21.11.2026</td></tr></table>',
    ),
    codes: ['482913'],
  },
  {
    name: 'with the facts of the sign-in around it',
    html: page(
      `<p>A sign-in needs your approval.</p><p>IP address<br>203.0.113.7</p><p>Time<br>21 November 2026, 19:24 UTC</p><p>Browser<br>Chrome 128.0.6613 on Windows 11</p><p>Device ID<br>48291300</p><div>Sign-in code</div><div><strong>664201</strong></div>`,
    ),
    codes: ['664201'],
  },
  {
    name: 'the name comes after, in a line of its own',
    html: page('<h2>664201</h2><p>is your Acme verification code</p>'),
    codes: ['664201'],
  },
  {
    name: 'bold in Markdown',
    text: 'Your code: **482913**\n\nhttps://acme.example/verify/482000',
    codes: ['482913'],
  },
  {
    name: 'HTML and text alike',
    subject: 'Acme: 482913',
    text: 'Your Acme code is 482913',
    html: page('<p>Your Acme code is</p><p><code>482913</code></p>'),
    codes: ['482913'],
  },
  {
    name: 'characters without width between the digits',
    html: page('<p>Your code is 482&#8203;913</p>'),
    codes: ['482913'],
  },
  {
    name: 'hidden digits between those that are seen',
    html: page(
      '<p>Your code is 4<span style="font-size:0">77</span>8<span style="display:none">0</span>2913</p>',
    ),
    codes: ['482913'],
  },
  {
    name: 'a hidden code, by a class of the style sheet',
    html: page(
      '<div class="preheader">Your old code was 998877</div><p>Your new code is 482913</p>',
      '<style>.preheader { display: none !important } @media (max-width: 600px) { p { display: none } }</style>',
    ),
    codes: ['482913'],
  },
  {
    name: 'a code in the colour of the page',
    html: page(
      '<p style="color:#fff;background-color:#FFFFFF">code 998877</p><p>Your code is 482913</p>',
    ),
    codes: ['482913'],
  },
  {
    name: 'a code in a table whose font has no size until the paragraph',
    html: page(
      '<table><tr><td style="font-size:0px;padding:20px"><div style="font-size:16px">Your code is 482913</div></td></tr></table>',
    ),
    codes: ['482913'],
  },
  {
    name: 'a code and a coupon',
    subject: 'Welcome to Acme',
    text: 'Your verification code is 482913.\n\nAs a welcome gift: 10% off with code WELCOME10.',
    codes: ['482913'],
  },
  {
    name: 'a two-factor mail',
    text: 'Two-factor authentication\n\nYour 2FA code for iPhone15 is 482913 (valid for 300 seconds).',
    codes: ['482913'],
  },
  {
    name: 'a long sentence between',
    text: 'The six-digit code that you need to finish signing in to your Acme account is: 482913',
    codes: ['482913'],
  },
  {
    name: 'two codes: nobody knows which is meant',
    text: 'Your sign-in code is 482913.\nYour backup code is 771020.',
    codes: ['482913', '771020'],
  },
  {
    name: 'a list of backup codes',
    text: 'Your recovery codes:\n\n1. 48291357\n2. 77102044\n',
    codes: ['48291357', '77102044'],
  },
  {
    name: 'HTML and text that differ',
    text: 'Your code is 111222',
    html: '<p>Your code is 333444</p>',
    codes: ['111222', '333444'],
  },
  // German
  {
    name: 'German: a compound',
    subject: 'Ihr Bestätigungscode',
    text: 'Guten Tag,\n\nIhr Bestätigungscode lautet: 482913\n\nEr ist 10 Minuten gültig.\nAcme GmbH, Hauptstraße 1234, 80331 München, HRB 123456, Tel. 089 1234567',
    codes: ['482913'],
  },
  {
    name: 'German: in the middle of a sentence',
    text: 'Bitte geben Sie 482913 ein, um sich anzumelden.',
    codes: ['482913'],
  },
  {
    name: 'German: TAN beside a sum and an account',
    text: 'Ihre TAN: 482913\nÜberweisung von 1.250,00 EUR an DE89 3704 0044 0532 0130 00\nAuftrag 7712009',
    codes: ['482913'],
  },
  {
    name: 'German: HTML with a customer number',
    html: page(
      '<p>Kundennummer: 20034455</p><p>Ihr Einmalpasswort für die Anmeldung:</p><p style="font-size:32px"><b>48 29 13</b></p><p>Rechnung Nr. 20261121 vom 21.11.2026</p>',
    ),
    codes: ['482913'],
  },
  // French
  {
    name: 'French: a name of several words',
    text: 'Bonjour,\n\nVotre code de vérification est le 482 913. Il expire dans 10 minutes.\nAcme, 12 rue de la Paix, 75002 Paris, RCS Paris 482 913 777',
    codes: ['482913'],
  },
  {
    name: 'French: below its name',
    subject: 'Code de connexion',
    html: page(
      '<p>Saisissez ce code pour vous connecter :</p><h1>482913</h1><p>Commande n° 55128</p>',
    ),
    codes: ['482913'],
  },
  {
    name: "French: code d'accès",
    text: 'Voici votre code d’accès à usage unique : 4829\nNuméro client : 200344',
    codes: ['4829'],
  },
  // Spanish
  {
    name: 'Spanish: with accents',
    text: 'Hola, Ann:\n\nTu código de verificación es 482913. Caduca en 10 minutos.\nPedido 5512884 · Calle Mayor 1234, 28013 Madrid',
    codes: ['482913'],
  },
  {
    name: 'Spanish: without accents',
    text: 'Su codigo de seguridad es: 482-913',
    codes: ['482913'],
  },
  {
    name: 'Spanish: below, with a button',
    html: page(
      `<p>Introduce el siguiente código para iniciar sesión:</p><p><strong>482913</strong></p>${button('https://acme.example/login?token=abcdef1234567890', 'Iniciar sesión')}<p>¿Dudas? Llámanos al 900 123 456.</p>`,
    ),
    codes: ['482913'],
  },
  // Italian
  {
    name: 'Italian: è',
    text: 'Il tuo codice di verifica è 482913 e scade tra 5 minuti.\nAcme S.r.l., Via Roma 1234, 00184 Roma, P. IVA 01234567890',
    codes: ['482913'],
  },
  {
    name: 'Italian: beside a tax code and an order',
    html: page(
      '<p>Codice fiscale: RSSMRA80A01H501U</p><p>Ordine n. 5512884</p><p>Inserisci questo codice per accedere:</p><div>482913</div>',
    ),
    codes: ['482913'],
  },
  // Portuguese
  {
    name: 'Portuguese: é',
    text: 'Seu código de verificação é 482913. Não o compartilhe.\nProtocolo 20261121004, CEP 01310-100, São Paulo',
    codes: ['482913'],
  },
  {
    name: 'Portuguese: below its name',
    subject: 'Código de acesso',
    html: page(
      '<p>Use o código abaixo para entrar na sua conta:</p><h2>4829</h2><p>Válido por 30 minutos.</p>',
    ),
    codes: ['4829'],
  },
  // Polish
  {
    name: 'Polish: to',
    text: 'Twój kod weryfikacyjny to 482913.\nJest ważny 10 minut.\nAcme sp. z o.o., ul. Prosta 51, 00-838 Warszawa, NIP 525-000-12-34',
    codes: ['482913'],
  },
  {
    name: 'Polish: wpisz',
    html: page(
      '<p>Wpisz poniższy kod, aby się zalogować:</p><p><b>482 913</b></p><p>Zamówienie nr 5512884</p>',
    ),
    codes: ['482913'],
  },
  // Japanese
  {
    name: 'Japanese: no spaces',
    subject: '認証コードのお知らせ',
    text: '認証コードは482913です。\n有効期限は10分です。\n〒100-0001 東京都千代田区1-1 電話番号 03-1234-5678',
    codes: ['482913'],
  },
  {
    name: 'Japanese: full-width digits',
    text: '確認コード：４８２９１３\nご注文番号：５５１２８８４',
    codes: ['482913'],
  },
  {
    name: 'Japanese: below its name',
    html: page(
      '<p>以下のワンタイムパスワードを入力してください。</p><p>482913</p><p>お問い合わせ番号 99120045</p>',
    ),
    codes: ['482913'],
  },
  // and more
  {
    name: 'Dutch',
    text: 'Je verificatiecode is 482913. Bestelnummer 5512884.',
    codes: ['482913'],
  },
  {
    name: 'Swedish',
    text: 'Din engångskod är 482913. Koden gäller i 10 minuter. Org.nr 556677-8899',
    codes: ['482913'],
  },
  {
    name: 'Danish',
    text: 'Din bekræftelseskode er 482913. Ordrenummer 5512884.',
    codes: ['482913'],
  },
  { name: 'Norwegian', text: 'Engangskoden din er 482913.', codes: ['482913'] },
  {
    name: 'Russian',
    text: 'Ваш код подтверждения: 482913. Никому его не сообщайте.\nЗаказ № 5512884',
    codes: ['482913'],
  },
  {
    name: 'Turkish',
    text: 'Doğrulama kodunuz: 482913\nSipariş no: 5512884',
    codes: ['482913'],
  },
  {
    name: 'Chinese',
    text: '您的验证码是482913，5分钟内有效。订单号：5512884，客服电话：4008001234',
    codes: ['482913'],
  },
  {
    name: 'Korean',
    text: '인증번호는 [482913]입니다. 주문번호: 5512884, 고객센터 1588-1234',
    codes: ['482913'],
  },
  // as the large senders write them
  {
    name: 'letters in two groups, two lines below',
    subject: 'Acme confirmation code: XKF-PQZ',
    html: page(
      '<h1>Confirm your e-mail address</h1><p>Your confirmation code is below. Enter it in the window where you started to sign up.</p><div style="font-size:30px">XKF-PQZ</div>',
    ),
    codes: ['XKF-PQZ'],
  },
  {
    name: 'seven digits, a masked address, a link beside',
    text: "Please use the following security code for the Acme account an**@example.com.\n\nSecurity code: 4829137\n\nIf you don't recognize the account, click https://acme.example/remove/4f7a9c to remove your address.\n",
    codes: ['4829137'],
  },
  {
    name: 'five capitals and digits, below a user name with digits',
    html: page(
      '<p>Here is the code you need to log in to account ann4829:</p><div><span style="font-size:24px">X7K9P</span></div><p>This mail was sent because of a login from 203.0.113.7.</p>',
    ),
    codes: ['X7K9P'],
  },
  {
    name: 'an OTP of a bank, with everything in one sentence',
    text: '482913 is your OTP for txn of INR 4,999.00 at ACME on card ending 4242 on 21-11-26. Valid till 19:29. Do not share it.',
    codes: ['482913'],
  },
  {
    name: 'bound to a domain and an app',
    text: '<#> Your Acme code is 482913.\n\n@acme.example #482913\nFA+9qCX9VSu',
    codes: ['482913'],
  },
  {
    name: 'a time after it',
    text: 'Your code: 482913 (expires at 19:34 on 21/11/2026)',
    codes: ['482913'],
  },
  {
    name: 'an element for each digit',
    html: page(
      '<p>Your verification code:</p><div><span class="d">4</span><span class="d">8</span><span class="d">2</span><span class="d">9</span></div>',
    ),
    codes: ['4829'],
  },
  {
    name: 'an element for each digit, white space between',
    html: page(
      '<p>Your verification code:</p><div>\n<span>4</span>\n<span>8</span>\n<span>2</span>\n<span>9</span>\n<span>1</span>\n<span>3</span>\n</div>',
    ),
    codes: ['482913'],
  },
  {
    name: 'a line for each digit',
    html: page('<p>Your verification code:</p><div>4</div><div>8</div><div>2</div><div>9</div>'),
    codes: ['4829'],
  },
  {
    name: 'in the subject, after a tag',
    subject: '[Acme] 482913 - your login code',
    html: page('<img src="https://cdn.acme.example/code.png" alt="">'),
    codes: ['482913'],
  },
  {
    name: 'groups that differ between text and HTML',
    text: 'Your code is 482-913.',
    html: page('<p>Your code is <b>482 913</b>.</p>'),
    codes: ['482913'],
  },
  {
    name: 'a hyphen in one part alone',
    text: 'Your device code is WXYZ-4829.',
    html: page('<p>Your device code</p><p><b>WXYZ4829</b></p>'),
    codes: ['WXYZ-4829'],
  },
  {
    name: 'small letters in groups',
    text: 'Your login code: k3j9d-x8f2m\n\nOr open https://acme.example/auth/k3j9dx8f2m',
    codes: ['k3j9d-x8f2m'],
  },
  {
    name: 'after a letter that is a word',
    text: 'For plan A 482913 is your code.',
    codes: ['482913'],
  },
  {
    name: 'quoted',
    text: 'Enter the code "482913" to continue.',
    codes: ['482913'],
  },
  {
    name: 'in parentheses and in brackets',
    text: 'Acme verification code (482913). [Ref 99120045]',
    codes: ['482913'],
  },
  {
    name: 'in a reply that quotes another mail',
    text: 'Your code is 482913.\n\n> On 21 Nov 2026 at 19:24 Bob wrote:\n> Order 5512884 of 2025\n',
    codes: ['482913'],
  },
  {
    name: 'a preheader that says the same',
    html: page('<div style="display:none">482913 is your code</div><p>Your code</p><p>482913</p>'),
    codes: ['482913'],
  },
  {
    name: 'tracking parameters full of digits',
    html: page(
      `<p>Your code is 482913</p><p>Visit https://acme.example/?utm_id=771020&amp;code=998877x&amp;mc_eid=112233</p>${button('https://t.acme.example/c/771020/334455?code=5566', 'Open')}`,
    ),
    codes: ['482913'],
  },
  // the code before its name
  {
    name: 'German: the code first',
    text: '482913 ist Ihr Bestätigungscode für Acme.',
    codes: ['482913'],
  },
  {
    name: 'French: the code first',
    text: '482913 est votre code de vérification Acme.',
    codes: ['482913'],
  },
  {
    name: 'Spanish: the code first',
    text: '482913 es tu código de verificación.',
    codes: ['482913'],
  },
  {
    name: 'Italian: the code first',
    text: '482913 è il tuo codice di verifica.',
    codes: ['482913'],
  },
  {
    name: 'Portuguese: the code first',
    text: '482913 é o seu código de verificação.',
    codes: ['482913'],
  },
  { name: 'Polish: the code first', text: '482913 to Twój kod weryfikacyjny.', codes: ['482913'] },
  {
    name: 'Japanese: the code first',
    text: '482913 があなたの確認コードです。',
    codes: ['482913'],
  },
  {
    name: 'Chinese: the code first',
    text: '【Acme】482913（验证码），5分钟内有效。',
    codes: ['482913'],
  },
  // below, in small print of each language
  {
    name: 'German: ambiguous',
    text: 'Ihr Anmeldecode ist 482913.\nIhr Wiederherstellungscode ist 771020.',
    codes: ['482913', '771020'],
  },
  {
    name: 'French: cells',
    html: page(
      '<p>Votre code de connexion</p><table><tr><td>4</td><td>8</td><td>2</td><td>9</td><td>1</td><td>3</td></tr></table><p>Valable 10 minutes. 75002 Paris</p>',
    ),
    codes: ['482913'],
  },
  {
    name: 'Italian: PIN beside a year and a price',
    text: 'PIN: 4829\nAnno 2026, totale 1.284,50 €, CAP 00184',
    codes: ['4829'],
  },
  {
    name: 'Portuguese: hyphen, CEP and CNPJ',
    text: 'Código de acesso: 482-913\nCEP 01310-100 · CNPJ 12.345.678/0001-90',
    codes: ['482913'],
  },
  {
    name: 'Polish: a one-time password beside an account',
    text: 'Hasło jednorazowe: 48291357\nRachunek 12 3456 7890 0000 1111 2222 3333\nKwota: 1 284,50 zł',
    codes: ['48291357'],
  },
  {
    name: 'Japanese: in brackets, with a phone number',
    html: page('<p>認証コード：【482913】</p><p>お電話：0120-123-456　受付時間 9:00〜18:00</p>'),
    codes: ['482913'],
  },
]
