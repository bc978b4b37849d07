import type { Language } from '../language.ts'

export const swedish: Language = {
  code: `*kod, *koden, engångskod, verifieringskod, bekräftelsekod, säkerhetskod, inloggningskod, engångslösenord, siffrig kod,
    siffriga kod, pinkod`,
  bare: 'kod, koden',
  other: `rabattkod, kampanjkod, presentkod, felkod, streckkod, källkod, produktkod, landskod, bokningskod, *nummer, *numret, nummer,
    order, beställning, faktura, kund, telefon, tel, mobil, fax, ring, postnr, orgnr, org nr, box, belopp, summa, totalt, pris, saldo,
    slutar på, sida, version, sedan, rum, över, cirka, ca, nästan`,
  coupon:
    'rabatt, rabatten, rabatter, erbjudande, erbjudanden, kampanj, presentkort, kupong, varukorg, rea, spara',
  access:
    'logga in, inloggning, bekräfta, bekräftelse, verifiera, verifiering, aktivera, registrering, identitet, lösenord',
  enter: 'ange, skriv, skriv in, använd, mata in, med',
  copula: 'är, följande, här, nedan',
  unit: 'minuter, minut, min, timmar, timme, dagar, dag, sekunder, veckor, månader, kr, kronor, poäng, personer, gånger, siffror, tecken',
  action: `bekräfta, bekräftelse, verifiera, verifiering, aktivera, återställ lösenord, återställ, återställa, ändra lösenord, välj lösenord,
    nytt lösenord, skapa lösenord, logga in, acceptera, acceptera inbjudan, gå med, slutför registreringen, lås upp, godkänn`,
  step: `kom igång, fortsätt, spåra, spåra paket, visa order, visa beställning, visa faktura, betala, ladda ner, öppna, visa, svara, köp,
    handla nu, boka, betygsätt, rösta, förnya, uppdatera`,
  unsubscribe:
    'avregistrera, avregistrera dig, avprenumerera, avsluta prenumeration, avsluta prenumerationen, avanmäl',
  aside: `integritet, integritetspolicy, villkor, hjälp, kundtjänst, kundservice, support, kontakt, kontakta oss, vanliga frågor, om oss,
    visa i webbläsare, visa i webbläsaren, webbversion, inställningar, hemsida, följ oss`,
  denial:
    'avvisa, det var inte jag, inte du, inte begärt, inte begärde, känner inte igen, rapportera, avbryt',
  vague:
    'här, klicka här, denna länk, den här länken, länk, länken, följande länk, klicka, knappen',
}
