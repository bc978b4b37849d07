import type { Composed } from './mail.ts'

/** Mails without any one-time code, and with everything that might be taken for one. */
export const otherMails: readonly (Composed & { readonly name: string })[] = [
  {
    name: 'an invoice',
    subject: 'Invoice 20261121',
    text: 'Invoice number: 20261121\nCustomer number: 20034455\nDate: 2026-11-21\nDue: 21/12/2026\n\nWidget  4829  $1,284.50\nTotal: $12,845.00\nVAT ID DE123456789\nVisa ending in 4242\n\nSign in to your account to see it.',
  },
  {
    name: 'an invoice in HTML',
    subject: 'Your receipt from Acme',
    html: '<h1>Receipt</h1><table><tr><th>Receipt number</th><th>Date paid</th></tr><tr><td>2042-8812</td><td>November 21, 2026</td></tr></table><table><tr><td>Item</td><td>Qty</td><td>Price</td></tr><tr><td>Item no. 448210</td><td>2000</td><td>€ 1.284,50</td></tr></table><p>**** **** **** 4242</p><p>Invoice<br>48291300</p><p>Acme Inc.<br>1234 Market Street<br>94103</p>',
  },
  {
    name: 'a shipping note',
    subject: 'Your order #5512884 was shipped',
    text: 'Your order #5512884 was shipped on 21.11.2026.\nTracking number: 00340434161094042557\nTracking code: 48291300\nTrack it: https://dhl.example/t/48291300?code=48291300\n\nDelivery to:\nAnn Lee\n1234 Market Street\n94103 San Francisco\n',
  },
  {
    name: 'a shipping note in HTML',
    subject: 'Shipped: 482913',
    html: '<p>Order number</p><p>482913</p><p>Tracking number</p><p>77102044</p><p>Postal code</p><p>94103</p><p>Arrives Tuesday, 24 November 2026, 10:30 – 12:00</p>',
  },
  {
    name: 'a newsletter with a coupon',
    subject: 'Black Friday: 40% off',
    html: '<h1>40% off everything</h1><p>Use code <b>SAVE2026</b> at checkout.</p><p>Or code 4829 for free shipping.</p><p>Over 25000 customers. Since 1998. © 2026 Acme, 1234 Market Street, CA 94103</p>',
  },
  {
    name: 'a coupon alone in its line',
    subject: 'A gift for you',
    html: '<p>Your discount code</p><h2>WELCOME10</h2><p>15 % off your first order</p><h2>482913</h2>',
  },
  {
    name: 'a news digest',
    subject: 'The week in numbers',
    text: 'In 2026, 48291 people signed up. 1,284,500 emails were sent, 12.5% more than in 2025.\nPage 1234. Code of conduct updated. RFC 5321 and ISO 9001.\nSource code: 4829 lines of code changed.\nCall us: 0800 123456\n',
  },
  {
    name: 'a build report',
    subject: 'Build 48291 failed',
    text: 'Build 48291 of main failed with exit code 1370.\nCommit 4f7a9c1 by ann\nError code: 50013\nStatus code 4004\nJob 7710204 took 482 seconds\nPort 8025, PID 44120\n2026-11-21T19:24:20Z 192.168.100.200:8080\n#482913\n',
  },
  {
    name: 'a password reset with a link alone',
    subject: 'Reset your password',
    text: 'Reset your password: https://acme.example/reset/482913?uid=1042\n\nThe link is valid for 1440 minutes.\nAcme, 1234 Market Street, San Francisco, CA 94103, +1 415 555 0142',
  },
  {
    name: 'a travel booking',
    subject: 'Your booking 99120045',
    text: 'Booking code: X7K9PQ\nFlight 4829 on 21NOV2026\nSeat 14A, gate 1204\nTicket number 220-4829130077\nBooking reference\nKXWPQZ\n',
  },
  {
    name: 'a support ticket',
    subject: '[#482913] Re: My question',
    text: 'Your ticket 482913 was updated. Reference: 99120045. Case 00482913.\nReply above this line.\n',
  },
  {
    name: 'a bank statement',
    subject: 'Statement',
    text: 'Account ending in 4829\nBalance: 12 845.00 USD\nTransaction ID 48291300\nIBAN DE89 3704 0044 0532 0130 00\nSort code 20-48-29\n',
  },
  {
    name: 'CSS colours, identifiers and addresses',
    html: '<style>p{color:#482913}</style><p>Colour code #482913</p><p>Message-ID: 20261121192420.482917@acme.example</p><p>id 550e8400-e29b-41d4-a716-446655440000</p><p>QR code 48291300</p><p>Zip code: 94103</p><p>user4829@acme.example</p>',
  },
  {
    name: 'a calendar invitation',
    subject: 'Invitation: Planning 2027',
    text: 'When: Tue 24 Nov 2026 10:30 - 11:30\nDial in: +49 30 1234567\nMeeting ID: 482 913 775\nRoom 4829\n',
  },
  {
    name: 'a German invoice',
    subject: 'Ihre Rechnung 20261121',
    text: 'Rechnungsnummer: 20261121\nKundennummer: 482913\nBestell-Nr. 7712009\nBetrag: 1.284,50 EUR\nUSt-IdNr. DE123456789, HRB 123456\nPLZ 80331, Postfach 4829\nGutscheincode für den nächsten Einkauf: DANKE10\nTel. 089 / 1234567',
  },
  {
    name: 'a French order',
    subject: 'Votre commande n° 5512884',
    text: 'Commande n° 5512884 du 21/11/2026\nNuméro de suivi : 48291300\nCode postal : 75002 Paris\nCode promo : MERCI10\nTotal : 128,45 €\nSIRET 482 913 775 00012\nTél. 01 23 45 67 89',
  },
  {
    name: 'a Spanish order',
    subject: 'Tu pedido 5512884',
    text: 'Pedido: 5512884\nCódigo postal: 28013\nCódigo de descuento: GRACIAS10\nTeléfono: 900 123 456\nFactura 20261121\nImporte: 128,45 €\n',
  },
  {
    name: 'an Italian order',
    subject: 'Ordine n. 5512884',
    text: 'Ordine n. 5512884\nCodice fiscale RSSMRA80A01H501U\nCAP 00184\nCodice sconto: GRAZIE10\nCodice cliente: 482913\nTotale 128,45 €\nTel. 06 1234567',
  },
  {
    name: 'a Portuguese order',
    subject: 'Pedido 5512884',
    text: 'Pedido nº 5512884\nCEP 01310-100\nCódigo de rastreio: BR482913007\nCódigo postal 1000-001\nCupom: OBRIGADO10\nTotal R$ 128,45\n',
  },
  {
    name: 'a Polish order',
    subject: 'Zamówienie nr 5512884',
    text: 'Zamówienie nr 5512884\nKod pocztowy 00-838\nKod rabatowy: DZIEKI10\nNumer przesyłki 48291300\nKwota: 128,45 zł\nNIP 525-000-12-34\nTel. 22 123 45 67',
  },
  {
    name: 'a Japanese order',
    subject: 'ご注文ありがとうございます',
    text: 'ご注文番号：5512884\nお問い合わせ番号 482913007712\n郵便番号 100-0001\n合計 12845円\nクーポンコード：ARIGATO10\n電話番号 03-1234-5678\n2026年11月21日',
  },
  {
    name: 'a Chinese order',
    subject: '订单确认',
    text: '订单号：5512884\n快递单号：482913007\n邮编：100000\n优惠码：SAVE2026\n合计：1284元\n客服电话：4008001234',
  },
  {
    name: 'a Russian order',
    subject: 'Заказ № 5512884',
    text: 'Заказ № 5512884\nПочтовый индекс 101000\nПромокод: SPASIBO10\nСумма: 12845 руб.\nТел. 8 800 123-45-67\n',
  },
  {
    name: 'a security notice',
    subject: 'New sign-in to your account',
    text: 'There was a new sign-in to your account ann4829 on 21 November 2026 from Chrome 128, IP 203.0.113.7 (AS 48291).\nIf that was not you, change your password.\nAcme Inc.\n1234 Market Street\n',
  },
  {
    name: 'a code went to a phone',
    subject: 'We sent you a code',
    text: 'We sent a verification code to your phone ending in 0142. If you did not request this code, call 0800 123456.\nAcme, 1234 Market Street, San Francisco, CA 94103',
  },
  {
    name: 'a code that has expired',
    subject: 'Your code has expired',
    text: 'Your sign-in code has expired. Request a new one. Case number: 482913.\nYour codes are valid for 3600 seconds, and have 6 digits.',
  },
  {
    name: 'source code',
    subject: 'Code review 482913',
    text: 'Code review #482913 was approved. The code has 4829 lines, base64 encoded, in Unicode 15.\nfunction rfc2047_decode(utf8) { return 4829 }\nError 50013 in module sha256: see RFC 5321, decode step 12.\nThe mail is a base64 encode of a rfc822 message.',
  },
  {
    name: 'prices and amounts',
    subject: 'Your plan',
    text: 'USD 4829, 4829 kr, 1284 zł, EUR 1284, 4829 €, £4829, ¥482913, 482913円, 4829 Ft, CHF 4829.-\nYou saved 4829 points and 48291 steps. 4829 kWh, 1250 kg, 4829 m².',
  },
  {
    name: 'times and dates',
    subject: 'Your appointment is confirmed',
    text: 'Tuesday 24 November 2026, 10:30-11:30, 2026-11-24, 24.11.2026, 24/11/26, 11-24-2026, 20261124, 20261124T103000Z, 1030 hours, 2026/27.\nConfirm or cancel until 2026-11-23.',
  },
  {
    name: 'phone numbers',
    subject: 'Verify your phone number',
    text: 'Is this your number? +1 415 555 0142, (415) 555-0142, 415-555-0142, 0800 123456, 0800-1234, +49 (0)30 123456, 030/123456, 089 12 34 56, 1-800-555-0142, 06 12 34 56 78, 03-1234-5678. Confirm it in the app.',
  },
  {
    name: 'addresses of five countries',
    subject: 'Confirm your delivery address',
    html: '<p>Ann Lee<br>1234 Market Street, Apt 5600<br>San Francisco, CA 94103-1234</p><p>Hauptstraße 1234<br>80331 München</p><p>12 rue de la Paix<br>75002 Paris CEDEX 12</p><p>ul. Prosta 51<br>00-838 Warszawa</p><p>〒100-0001 東京都千代田区1-1</p><p>SW1A 1AA London</p>',
  },
  {
    name: 'identifiers',
    subject: 'Transfer received',
    text: 'UUID 550e8400-e29b-41d4-a716-446655440000\nIBAN DE89 3704 0044 0532 0130 00\nISBN 978-3-16-148410-0\nIMEI 490154203237518\nVIN WDB2030421F482913\nMAC 00:1A:2B:3C:4D:5E\nIPv6 2001:db8::4829:1357\nsha256 4f7a9c1b2d3e4f5a6b7c\nCard **** 4242, exp 11/27',
  },
  {
    name: 'tracking in every link',
    subject: 'Confirm your subscription',
    html: '<a href="https://t.acme.example/c/482913?code=771020&utm_id=998877">Confirm</a><p>https://acme.example/confirm/482913?pin=4829</p><img src="https://t.acme.example/o/482913.gif">',
  },
  {
    name: 'colours of a style guide',
    subject: 'Your colour codes',
    text: 'Primary #482913, secondary #123456, rgb(48, 29, 13), hex 0x482913, RAL 9010, Pantone 4829 C.\nColour code: 482913',
  },
  {
    name: 'a German delivery',
    subject: 'Ihre Sendung kommt heute',
    text: 'Sendungsnummer: 00340434161094042557\nAuftragsnummer 5512884\nZustellung 10:30 - 12:00 Uhr\nHauptstraße 1234, 80331 München\nNachnahme 128,45 EUR',
  },
  {
    name: 'a French appointment',
    subject: 'Votre rendez-vous est confirmé',
    text: 'Mardi 24 novembre 2026 à 10h30\nDossier n° 482913\nCode postal 75002\nDigicode : voir sur place\nTél. 01 23 45 67 89',
  },
  {
    name: 'an Italian bill',
    subject: 'La tua bolletta',
    text: 'Bolletta n. 482913 del 21/11/2026\nCodice cliente 20034455\nImporto 128,45 €\nScadenza 21/12/2026\nNumero verde 800 123456',
  },
  {
    name: 'a Spanish notice',
    subject: 'Aviso de entrega',
    text: 'Su envío 482913007 llegará el 24/11/2026.\nReferencia: 99120045\nC.P. 28013 Madrid\nLlame al 900 123 456',
  },
]
