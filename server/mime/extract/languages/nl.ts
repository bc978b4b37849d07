import type { Language } from '../language.ts'

export const dutch: Language = {
  code: `*code, *codes, eenmalige code, eenmalig wachtwoord, eenmalige toegangscode, verificatie code, bevestigings code, cijferige code,
    cijfercode, pin, tan`,
  bare: 'code, codes',
  other: `postcode, kortingscode, actiecode, foutcode, statuscode, barcode, streepjescode, broncode, productcode, artikelcode, landcode,
    boekingscode, *nummer, *nummers, nummer, bestelling, order, factuur, klant, klantnr, telefoon, tel, mobiel, fax, bel, bel ons,
    postbus, kvk, btw, bedrag, totaal, prijs, saldo, eindigend op, eindigt op, pagina, versie, sinds, kamer, vlucht, jaar, ruim, bijna,
    ongeveer, meer dan`,
  coupon:
    'korting, kortingen, kortings*, cadeaubon, cadeaukaart, aanbieding, aanbiedingen, actie, besparen, bespaar, winkelwagen, vouchercode',
  access: `inloggen, aanmelden, aanmelding, bevestigen, bevestig, bevestiging, verifiëren, verificatie, activeren, registratie,
    registreren, identiteit, wachtwoord, toegang`,
  enter: 'voer, gebruik, vul, typ, invoeren, met, vul de code, voer de code',
  copula: 'is, luidt, zijn, volgende, hieronder, hier',
  unit: 'minuten, minuut, min, uur, uren, dagen, dag, seconden, weken, maanden, jaar, euro, punten, personen, keer, cijfers, tekens, klanten, leden',
  action: `bevestigen, bevestig, bevestiging, verifiëren, verifieer, verificatie, activeren, activeer, wachtwoord resetten, reset wachtwoord,
    wachtwoord herstellen, wachtwoord opnieuw instellen, wachtwoord wijzigen, wachtwoord instellen, nieuw wachtwoord, inloggen, log in,
    aanmelden, uitnodiging accepteren, accepteren, accepteer, deelnemen, registratie voltooien, account aanmaken, ontgrendelen, goedkeuren`,
  step: `aan de slag, doorgaan, ga verder, volgen, volg je pakket, bestelling bekijken, bekijk bestelling, factuur bekijken, betalen, betaal,
    betaal nu, downloaden, download, openen, bekijk, bekijken, antwoorden, kopen, koop nu, boeken, beoordelen, stemmen, verlengen`,
  unsubscribe: 'afmelden, uitschrijven, schrijf je uit, meld je af, af te melden, uit te schrijven',
  aside: `privacy, privacybeleid, privacyverklaring, voorwaarden, algemene voorwaarden, hulp, klantenservice, ondersteuning, contact,
    neem contact op, veelgestelde vragen, over ons, bekijk online, bekijk in browser, bekijk in je browser, webversie, voorkeuren, instellingen,
    website, volg ons`,
  denial:
    'weigeren, dit was ik niet, was jij dit niet, was u dit niet, niet aangevraagd, niet herkent, melden, annuleren',
  vague: 'hier, klik hier, deze link, link, de volgende link, onderstaande link, klik, deze knop',
}
