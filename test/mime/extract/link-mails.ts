import type { LinkKind } from '../../../server/mime/extract/link.ts'
import type { Composed } from './mail.ts'

/** A mail with links, and what each is for; pictures are told of as well. */
export type LinkMail = Composed & {
  readonly name: string
  /** By href: each that is found. */
  readonly kinds: Readonly<Record<string, LinkKind>>
}

const filled = (href: string, text: string) =>
  `<table role="presentation"><tr><td bgcolor="#1155cc"><a href="${href}" style="display:inline-block;padding:12px 24px;background:#1155cc;color:#ffffff">${text}</a></td></tr></table>`

const outlook = (href: string, text: string) =>
  `<!--[if mso]><v:roundrect href="${href}" style="height:40px"><center>${text}</center></v:roundrect><![endif]--><!--[if !mso]><!--><a class="btn btn-primary" href="${href}">${text}</a><!--<![endif]-->`

const preheader = (text: string) =>
  `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${text}</div>`

const page = (body: string) =>
  `<!doctype html><html><head><title>Acme</title></head><body><a href="https://acme.example/"><img src="https://cdn.acme.example/logo.png" alt="Acme"></a>${body}<p style="font-size:11px"><a href="https://acme.example/help">Help</a> · <a href="https://acme.example/privacy">Privacy</a></p></body></html>`

/** What each mail of {@link page} has besides. */
const frame = {
  'https://acme.example/': 'link',
  'https://cdn.acme.example/logo.png': 'image',
  'https://acme.example/help': 'link',
  'https://acme.example/privacy': 'link',
} as const

export const linkMails: readonly LinkMail[] = [
  // English: what confirms
  {
    name: 'a bare URL below a sentence',
    text: 'Please confirm your e-mail address:\n\nhttps://acme.example/confirm/4f7a9c1b2d\n\nThe Acme team',
    kinds: { 'https://acme.example/confirm/4f7a9c1b2d': 'action' },
  },
  {
    name: 'a URL with a full stop after it',
    text: 'Click https://acme.example/verify?token=4f7a9c1b2d. It works for an hour.',
    kinds: { 'https://acme.example/verify?token=4f7a9c1b2d': 'action' },
  },
  {
    name: 'a URL in angle brackets and one in parentheses',
    text: 'Verify here <https://acme.example/v/4f7a9c1b2d3e4f5a> or ask for help (https://acme.example/help).',
    kinds: {
      'https://acme.example/v/4f7a9c1b2d3e4f5a': 'action',
      'https://acme.example/help': 'link',
    },
  },
  {
    name: 'a button, a preheader, small print',
    html: page(
      `${preheader('Confirm your address')}<p>Hi Ann, one more step:</p>${filled('https://acme.example/c/8a1f', 'Confirm my e-mail')}`,
    ),
    kinds: { ...frame, 'https://acme.example/c/8a1f': 'action' },
  },
  {
    name: 'a button for Outlook and one for everybody else',
    html: page(outlook('https://acme.example/activate?k=1', 'Activate account')),
    kinds: { ...frame, 'https://acme.example/activate?k=1': 'action' },
  },
  {
    name: 'a button and the same address written out',
    html: page(
      `${filled('https://acme.example/verify?a=1&amp;b=2', 'Verify')}<p>Or paste this into your browser: <br>https://acme.example/verify?a=1&amp;b=2</p>`,
    ),
    kinds: { ...frame, 'https://acme.example/verify?a=1&b=2': 'action' },
  },
  {
    name: 'a link that nobody sees',
    html: page(
      `<div style="display:none">${filled('https://acme.example/confirm?t=1', 'Confirm')}</div>${filled('https://acme.example/confirm?t=9', 'Confirm')}`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/confirm?t=1': 'link',
      'https://acme.example/confirm?t=9': 'action',
    },
  },
  {
    name: 'a link whose words are those before it',
    html: page(
      '<p>To reset your password, <a href="https://acme.example/x/4f7a9c1b2d3e4f5a">click here</a>.</p>',
    ),
    kinds: { ...frame, 'https://acme.example/x/4f7a9c1b2d3e4f5a': 'action' },
  },
  {
    name: 'a reset, and what to do if it was not you',
    html: page(
      `${filled('https://acme.example/password/reset?t=1a2b3c4d5e', 'Reset password')}<p>Not you? <a href="https://acme.example/security/report?t=1a2b3c4d5e">Secure your account</a>.</p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/password/reset?t=1a2b3c4d5e': 'action',
      'https://acme.example/security/report?t=1a2b3c4d5e': 'link',
    },
  },
  {
    name: 'a magic link of an app',
    text: 'Tap to sign in: acme://login?token=4f7a9c1b2d3e4f5a',
    kinds: { 'acme://login?token=4f7a9c1b2d3e4f5a': 'action' },
  },
  {
    name: 'a picture as the button',
    html: page(
      '<a href="https://acme.example/invite/8a1f2b"><img src="https://cdn.acme.example/b.png" alt="Accept invitation"></a>',
    ),
    kinds: {
      ...frame,
      'https://cdn.acme.example/b.png': 'image',
      'https://acme.example/invite/8a1f2b': 'action',
    },
  },
  {
    name: 'tracked by a sender',
    text: 'Confirm your account: https://acme.example/confirm?t=1&utm_source=mail&utm_medium=email',
    html: page(
      filled('https://acme.example/confirm?t=1&amp;utm_source=html&amp;mc_cid=9', 'Confirm'),
    ),
    kinds: {
      ...frame,
      'https://acme.example/confirm?t=1&utm_source=mail&utm_medium=email': 'action',
      'https://acme.example/confirm?t=1&utm_source=html&mc_cid=9': 'action',
    },
  },
  {
    name: 'wrapped by a click tracker',
    html: page(
      `${filled('https://click.acme.example/ls/click?upn=u001.4f7a9c1b2d3e4f5a6b7c8d', 'Verify your e-mail')}<p><a href="https://click.acme.example/ls/click?upn=u001.99aa88bb77cc66dd55ee">Blog</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://click.acme.example/ls/click?upn=u001.4f7a9c1b2d3e4f5a6b7c8d': 'action',
      'https://click.acme.example/ls/click?upn=u001.99aa88bb77cc66dd55ee': 'link',
    },
  },
  {
    name: 'two that are meant: accept or decline',
    html: page(
      `${filled('https://acme.example/i/8a1f/accept', 'Accept')}${filled('https://acme.example/i/8a1f/decline', 'Decline')}`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/i/8a1f/accept': 'action',
      'https://acme.example/i/8a1f/decline': 'link',
    },
  },
  {
    name: 'an address of a port and one of an IPv6 host',
    text: 'Verify: http://localhost:3000/verify?token=abc123def456\nStatus: http://[::1]:3000/status',
    kinds: {
      'http://localhost:3000/verify?token=abc123def456': 'action',
      'http://[::1]:3000/status': 'link',
    },
  },
  {
    name: 'an address with a fragment, brackets and an equals sign at its end',
    text: 'Sign in: https://acme.example/#/magic/(a)/4f7a9c1b2d3e4f5a==\nBye',
    kinds: { 'https://acme.example/#/magic/(a)/4f7a9c1b2d3e4f5a==': 'action' },
  },
  {
    name: 'an attribute without quotes, and white space in one',
    html: '<p>Hello</p><a href=https://acme.example/verify?t=1>Verify</a> <a href=" https://acme.example/\n  terms ">Terms</a>',
    kinds: {
      'https://acme.example/verify?t=1': 'action',
      'https://acme.example/  terms': 'other',
    },
  },
  // English: what asks for nothing
  {
    name: 'a newsletter: many articles, none of them meant',
    html: page(
      [1, 2, 3, 4, 5]
        .map(
          n =>
            `<p><a class="button" href="https://acme.example/a/${n}">Read more about ${n}</a></p>`,
        )
        .concat('<p><a href="https://acme.example/unsubscribe?u=1">Unsubscribe</a></p>')
        .join(''),
    ),
    kinds: {
      ...frame,
      'https://acme.example/a/1': 'link',
      'https://acme.example/a/2': 'link',
      'https://acme.example/a/3': 'link',
      'https://acme.example/a/4': 'link',
      'https://acme.example/a/5': 'link',
      'https://acme.example/unsubscribe?u=1': 'unsubscribe',
    },
  },
  {
    name: 'List-Unsubscribe names the address, whatever it is called',
    fields: 'List-Unsubscribe: <mailto:leave@acme.example>, <https://acme.example/p/77>\r\n',
    html: '<p>News. <a href="https://acme.example/p/77">Preferences</a> <a href="mailto:leave@acme.example">Leave</a></p>',
    kinds: {
      'https://acme.example/p/77': 'unsubscribe',
      'mailto:leave@acme.example': 'unsubscribe',
    },
  },
  {
    name: 'a newsletter with a way to log in at its foot',
    text: 'News of the week.\n\nLog in: https://acme.example/login\nUnsubscribe: https://acme.example/u/1',
    kinds: { 'https://acme.example/login': 'link', 'https://acme.example/u/1': 'unsubscribe' },
  },
  {
    name: 'what is written to, called, and leads nowhere',
    html: '<a href="mailto:help@acme.example?subject=Hi">Write</a> <a href="tel:+14155550142">Call</a> <a href="sms:+14155550142">Text</a> <a href="#top">Top</a> <a href="/relative">Here</a> <a href="javascript:alert(1)">Run</a> <a href="{{ link }}">Verify</a> <a href="data:text/html,x">Data</a> <a name="x">Anchor</a> <a href="">Empty</a>',
    kinds: {
      'mailto:help@acme.example?subject=Hi': 'mailto',
      'tel:+14155550142': 'tel',
      'sms:+14155550142': 'tel',
      '#top': 'other',
      '/relative': 'other',
      'javascript:alert(1)': 'other',
      '{{ link }}': 'other',
      'data:text/html,x': 'other',
    },
  },
  {
    name: 'pictures: a pixel, one of the mail itself',
    html: '<img src="https://t.acme.example/o.gif?m=1" width="1" height="1"><img src="cid:logo"><img src="//cdn.acme.example/a.png" alt="A">',
    kinds: {
      'https://t.acme.example/o.gif?m=1': 'image',
      '//cdn.acme.example/a.png': 'image',
    },
  },
  { name: 'none', text: 'See acme.example, e-mail ann@acme.example, 10://2', kinds: {} },
  // German
  {
    name: 'German: bestätigen',
    html: page(
      `<p>Bitte bestätigen Sie Ihre E-Mail-Adresse.</p>${filled('https://acme.example/de/a/8a1f', 'E-Mail-Adresse bestätigen')}`,
    ),
    kinds: { ...frame, 'https://acme.example/de/a/8a1f': 'action' },
  },
  {
    name: 'German: klicken Sie hier',
    text: 'Um Ihr Passwort zurückzusetzen, klicken Sie bitte auf folgenden Link:\nhttps://acme.example/pw/4f7a9c1b2d3e4f5a\n\nAbmelden: https://acme.example/raus/1\nImpressum: https://acme.example/impressum',
    kinds: {
      'https://acme.example/pw/4f7a9c1b2d3e4f5a': 'action',
      'https://acme.example/raus/1': 'unsubscribe',
      'https://acme.example/impressum': 'link',
    },
  },
  {
    name: 'German: Einladung',
    html: page(
      `<p>Bob hat Sie eingeladen.</p>${filled('https://acme.example/e/8a1f', 'Einladung annehmen')}<p><a href="https://acme.example/e/8a1f/nein">Ablehnen</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/e/8a1f': 'action',
      'https://acme.example/e/8a1f/nein': 'link',
    },
  },
  // French
  {
    name: 'French: réinitialiser',
    html: page(
      `${filled('https://acme.example/fr/r/8a1f', 'Réinitialiser mon mot de passe')}<p><a href="https://acme.example/fr/d/1">Se désabonner</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/fr/r/8a1f': 'action',
      'https://acme.example/fr/d/1': 'unsubscribe',
    },
  },
  {
    name: 'French: cliquez ici',
    html: page(
      '<p>Pour activer votre compte, <a href="https://acme.example/x/8a1f2b3c4d">cliquez ici</a>.</p>',
    ),
    kinds: { ...frame, 'https://acme.example/x/8a1f2b3c4d': 'action' },
  },
  {
    name: 'French: in text',
    text: 'Confirmez votre adresse en ouvrant ce lien :\nhttps://acme.example/c?t=8a1f2b3c4d\n\nMentions légales : https://acme.example/legal',
    kinds: {
      'https://acme.example/c?t=8a1f2b3c4d': 'action',
      'https://acme.example/legal': 'link',
    },
  },
  // Spanish
  {
    name: 'Spanish: verificar',
    html: page(filled('https://acme.example/es/v/8a1f', 'Verificar mi correo')),
    kinds: { ...frame, 'https://acme.example/es/v/8a1f': 'action' },
  },
  {
    name: 'Spanish: in text, with a way out',
    text: 'Restablece tu contraseña aquí: https://acme.example/r/8a1f2b3c4d\nDarse de baja: https://acme.example/b/1',
    kinds: {
      'https://acme.example/r/8a1f2b3c4d': 'action',
      'https://acme.example/b/1': 'unsubscribe',
    },
  },
  // Italian
  {
    name: 'Italian: conferma',
    html: page(
      `${filled('https://acme.example/it/c/8a1f', 'Conferma il tuo indirizzo')}<p><a href="https://acme.example/it/d/1">Annulla iscrizione</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/it/c/8a1f': 'action',
      'https://acme.example/it/d/1': 'unsubscribe',
    },
  },
  {
    name: 'Italian: clicca qui',
    html: page(
      '<p>Per reimpostare la password <a href="https://acme.example/x/8a1f2b3c4d">clicca qui</a>.</p>',
    ),
    kinds: { ...frame, 'https://acme.example/x/8a1f2b3c4d': 'action' },
  },
  // Portuguese
  {
    name: 'Portuguese: redefinir senha',
    html: page(
      `${filled('https://acme.example/pt/s/8a1f', 'Redefinir senha')}<p><a href="https://acme.example/pt/d/1">Cancelar inscrição</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/pt/s/8a1f': 'action',
      'https://acme.example/pt/d/1': 'unsubscribe',
    },
  },
  {
    name: 'Portuguese: in text',
    text: 'Confirme o seu e-mail: https://acme.example/c/8a1f2b3c4d',
    kinds: { 'https://acme.example/c/8a1f2b3c4d': 'action' },
  },
  // Polish
  {
    name: 'Polish: potwierdź',
    html: page(
      `${filled('https://acme.example/pl/p/8a1f', 'Potwierdź adres e-mail')}<p><a href="https://acme.example/pl/w/1">Wypisz się</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/pl/p/8a1f': 'action',
      'https://acme.example/pl/w/1': 'unsubscribe',
    },
  },
  {
    name: 'Polish: kliknij tutaj',
    html: page(
      '<p>Aby zresetować hasło, <a href="https://acme.example/x/8a1f2b3c4d">kliknij tutaj</a>.</p>',
    ),
    kinds: { ...frame, 'https://acme.example/x/8a1f2b3c4d': 'action' },
  },
  // Japanese
  {
    name: 'Japanese: a button',
    html: page(
      `${filled('https://acme.example/ja/k/8a1f', 'メールアドレスを確認する')}<p><a href="https://acme.example/ja/h/1">配信停止</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/ja/k/8a1f': 'action',
      'https://acme.example/ja/h/1': 'unsubscribe',
    },
  },
  {
    name: 'Japanese: in text, without a space after the address',
    text: '以下のURLからパスワードを再設定してください。\nhttps://acme.example/r/8a1f2b3c4d（24時間有効）\n',
    kinds: { 'https://acme.example/r/8a1f2b3c4d': 'action' },
  },
  // and more
  {
    name: 'Dutch',
    html: page(filled('https://acme.example/nl/b/8a1f', 'Bevestig je e-mailadres')),
    kinds: { ...frame, 'https://acme.example/nl/b/8a1f': 'action' },
  },
  {
    name: 'Swedish',
    html: page(filled('https://acme.example/sv/b/8a1f', 'Bekräfta din e-postadress')),
    kinds: { ...frame, 'https://acme.example/sv/b/8a1f': 'action' },
  },
  {
    name: 'Danish',
    html: page(filled('https://acme.example/da/b/8a1f', 'Nulstil adgangskode')),
    kinds: { ...frame, 'https://acme.example/da/b/8a1f': 'action' },
  },
  {
    name: 'Russian',
    html: page(
      `${filled('https://acme.example/ru/p/8a1f', 'Подтвердить адрес')}<p><a href="https://acme.example/ru/o/1">Отписаться</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/ru/p/8a1f': 'action',
      'https://acme.example/ru/o/1': 'unsubscribe',
    },
  },
  {
    name: 'Turkish',
    html: page(filled('https://acme.example/tr/d/8a1f', 'E-postamı doğrula')),
    kinds: { ...frame, 'https://acme.example/tr/d/8a1f': 'action' },
  },
  {
    name: 'Chinese',
    html: page(
      `${filled('https://acme.example/zh/y/8a1f', '验证邮箱')}<p><a href="https://acme.example/zh/t/1">退订</a></p>`,
    ),
    kinds: {
      ...frame,
      'https://acme.example/zh/y/8a1f': 'action',
      'https://acme.example/zh/t/1': 'unsubscribe',
    },
  },
  {
    name: 'Korean',
    html: page(filled('https://acme.example/ko/i/8a1f', '비밀번호 재설정')),
    kinds: { ...frame, 'https://acme.example/ko/i/8a1f': 'action' },
  },
]
