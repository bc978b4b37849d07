import type { Composed } from './mail.ts'

/** Mails as apps and frameworks compose them, and what one would take of each: undefined where there is none. */
export type AppMail = Composed & {
  readonly name: string
  readonly code?: string
  readonly link?: string
}

export const appMails: readonly AppMail[] = [
  {
    name: 'a framework that signs its URLs, with the button and the URL below',
    html: '<table><tr><td><a href="http://localhost" style="color:#333">App</a></td></tr><tr><td><h1>Hello!</h1><p>Press the button to verify your address.</p><a href="http://localhost/email/verify/1/9d5?expires=1732280000&amp;signature=4f7a" class="button button-primary">Verify Email Address</a><p>Nothing to do if the account is not yours.</p><p>Does the button "Verify Email Address" not work? Copy this URL: <span><a href="http://localhost/email/verify/1/9d5?expires=1732280000&amp;signature=4f7a">http://localhost/email/verify/1/9d5?expires=1732280000&amp;signature=4f7a</a></span></p></td></tr><tr><td>© 2026 App</td></tr></table>',
    link: 'http://localhost/email/verify/1/9d5?expires=1732280000&signature=4f7a',
  },
  {
    name: 'a framework that resets by a page',
    text: 'A password reset was asked for your user account at localhost:8000.\n\nPlease open this page and choose a new password:\n\nhttp://localhost:8000/accounts/reset/MQ/cjw2ds-482913/\n\nYour user name, should you have forgotten it: ann\n',
    link: 'http://localhost:8000/accounts/reset/MQ/cjw2ds-482913/',
  },
  {
    name: 'a confirmation in the midst of a sentence',
    subject: '[example.com] Please confirm your address',
    text: 'Hello from example.com!\n\nThe user ann gave this address to register at example.com.\n\nTo confirm that, go to http://localhost:8000/accounts/confirm-email/MQ:1tF/\n\nThanks!\nexample.com',
    link: 'http://localhost:8000/accounts/confirm-email/MQ:1tF/',
  },
  {
    name: 'letters and digits in two groups, said to be below',
    subject: 'Sign-in code',
    text: 'Hello from example.com!\n\nYour sign-in code is below. Enter it in the window that is still open.\n\nXK2-9PQ\n\nIgnore this mail if that was not you.',
    code: 'XK2-9PQ',
  },
  {
    name: 'confirming, unlocking: one link each',
    html: '<p>Welcome ann@example.com!</p><p>Confirm your account through the link below:</p><p><a href="http://localhost:3000/users/confirmation?confirmation_token=Tz-x9">Confirm my account</a></p>',
    link: 'http://localhost:3000/users/confirmation?confirmation_token=Tz-x9',
  },
  {
    name: 'unlocking',
    html: '<p>Hello!</p><p>Your account was locked after too many attempts to sign in.</p><p>Click the link below to unlock it:</p><p><a href="http://localhost:3000/users/unlock?unlock_token=a">Unlock my account</a></p>',
    link: 'http://localhost:3000/users/unlock?unlock_token=a',
  },
  {
    name: 'a magic link that carries the address of another page',
    subject: 'Sign in to localhost:3000',
    text: 'Sign in to localhost:3000\nhttp://localhost:3000/api/auth/callback/email?callbackUrl=http%3A%2F%2Flocalhost%3A3000&token=4f7a9c&email=ann%40example.com\n\n',
    link: 'http://localhost:3000/api/auth/callback/email?callbackUrl=http%3A%2F%2Flocalhost%3A3000&token=4f7a9c&email=ann%40example.com',
  },
  {
    name: 'a reset with the facts of who asked',
    text: 'A password reset was asked for this account:\n\nSite: Acme\n\nUser name: ann\n\nTo reset your password, visit this address:\n\nhttp://localhost/wp-login.php?action=rp&key=4f7a9c&login=ann&wp_lang=en_US\n\nIt was asked for from the IP address 203.0.113.7.',
    link: 'http://localhost/wp-login.php?action=rp&key=4f7a9c&login=ann&wp_lang=en_US',
  },
  {
    name: 'a link whose text names what it is',
    html: '<p>An account was made with this address. If that was you, click the link below to verify it</p><p><a href="http://localhost:8080/realms/acme/login-actions/action-token?key=eyJh.eyJl.4f7a&amp;client_id=x">Link to e-mail address verification</a></p><p>It expires within 5 minutes.</p>',
    link: 'http://localhost:8080/realms/acme/login-actions/action-token?key=eyJh.eyJl.4f7a&client_id=x',
  },
  {
    name: 'clicking here',
    html: "Please confirm your account by <a href='https://localhost:5001/Identity/Account/ConfirmEmail?userId=4f7a&amp;code=Q2ZESjg'>clicking here</a>.",
    link: 'https://localhost:5001/Identity/Account/ConfirmEmail?userId=4f7a&code=Q2ZESjg',
  },
  {
    name: 'a link and a code for the same',
    html: '<h2>Confirm</h2><p>Follow this link to confirm your user:</p><p><a href="https://x.example/auth/v1/verify?token=482913aa&amp;type=signup">Confirm your mail</a></p><p>Or enter the code: 482913</p>',
    code: '482913',
    link: 'https://x.example/auth/v1/verify?token=482913aa&type=signup',
  },
  {
    name: 'a sign-in link with small print',
    subject: '🔑 Sign in to Acme',
    text: 'Hey there,\n\nUse this link to sign in to your Acme account:\n\nhttps://acme.example/members/?token=4f7a&action=signin\n\nIt expires in 24 hours.\n\n---\n\nSent to ann@example.com',
    link: 'https://acme.example/members/?token=4f7a&action=signin',
  },
  {
    name: 'an invitation among other links',
    html: '<p>Bob invites you to the workspace Acme.</p><a href="https://join.acme.example/t/acme/invite/zt-4f7a" style="background:#611f69;padding:12px">Join Now</a><p>Later you find it at <a href="https://acme.example">acme.example</a></p><a href="https://acme.example/help">Learn more</a>',
    link: 'https://join.acme.example/t/acme/invite/zt-4f7a',
  },
  {
    name: 'an order',
    subject: 'Order confirmation #5512884',
    html: '<h1>Thank you!</h1><p>Your order 5512884 is confirmed.</p><a class="btn" href="https://shop.example/orders/5512884">View your order</a><p>or <a href="https://shop.example">visit our store</a></p>',
    link: 'https://shop.example/orders/5512884',
  },
  {
    name: 'a newsletter: nobody knows which article is meant',
    html: '<a href="https://n.example/1">First story about 2026</a><a href="https://n.example/2">Second</a><a href="https://n.example/unsubscribe">Unsubscribe</a>',
  },
  {
    name: 'approve or deny',
    html: '<a class="btn" href="https://a.example/approve/4f7a9c1b2d">Approve</a><a class="btn" href="https://a.example/deny/4f7a9c1b2d">Deny</a>',
    link: 'https://a.example/approve/4f7a9c1b2d',
  },
  {
    name: 'digits in the name of the app',
    text: '482913 is the verification code of app-4829.',
    code: '482913',
  },
  {
    name: 'a code below, an address at the foot',
    subject: 'Your verification code',
    html: '<p>Here is your verification code:</p><p>482-913</p><p>Acme, 354 Oyster Point Blvd, South San Francisco, CA 94080</p>',
    code: '482913',
  },
  {
    name: 'a user name with digits, a code in large letters',
    html: '<p>Dear user,</p><p>Somebody asked to access your account ann4829@example.com. Your verification code is:</p><div><p><strong style="font-size:24px">482913</strong></p></div><p>1600 Amphitheatre Parkway, Mountain View, CA 94043, USA</p>',
    code: '482913',
  },
  {
    name: 'alone, and only asked for',
    subject: 'Login',
    html: '<p>Hello Ann,</p><p>482913</p><p>Enter this on the login page.</p>',
    code: '482913',
  },
  {
    name: 'German: a bank',
    html: '<p>Ihr Sicherheitscode lautet: 482913. Er läuft in 5 Minuten ab. Geben Sie diesen Code an niemanden weiter.</p>',
    code: '482913',
  },
  {
    name: 'Spanish: a bank',
    text: 'Su clave para firmar la operación es 482913. Importe: 25,00 EUR. Tarjeta *4242',
    code: '482913',
  },
  {
    name: 'Italian: a bank',
    text: "Il codice per confermare l'operazione di 25,00 EUR è 482913. Non comunicarlo a nessuno.",
    code: '482913',
  },
  {
    name: 'Portuguese: a bank',
    text: 'Seu código é 482913. Nunca compartilhe. Central 0800 591 2117',
    code: '482913',
  },
  {
    name: 'Polish: a shop',
    text: 'Kod do logowania: 482913\nKod wygaśnie za 10 min. Nr zamówienia 5512884.',
    code: '482913',
  },
  {
    name: 'Japanese: with address and telephone',
    subject: '【Acme】認証コード',
    text: '認証コード: 482913\n\nこのコードは30分間有効です。\n※お心当たりのない場合は破棄してください。\n\n株式会社Acme\n〒150-0002 東京都渋谷区渋谷2-21-1\nTEL 03-1234-5678',
    code: '482913',
  },
]
