import type { Language } from '../language.ts'

/** Danish and Norwegian. */
export const danish: Language = {
  code: `*kode, *koden, *koder, engangskode, bekræftelseskode, bekreftelseskode, sikkerhedskode, sikkerhetskode, engangsadgangskode,
    engangspassord, cifret kode, sifret kode, pinkode`,
  bare: 'kode, koden',
  other: `rabatkode, rabattkode, kampagnekode, kampanjekode, gavekode, fejlkode, feilkode, stregkode, strekkode, kildekode, produktkode,
    landekode, bookingkode, *nummer, *nummeret, nummer, ordre, bestilling, faktura, kunde, telefon, tlf, mobil, fax, ring,
    postnr, cvr, org nr, orgnr, postboks, beløb, total, i alt, pris, saldo, slutter på, ender på, side, version, versjon, siden,
    over, cirka, ca, næsten, nesten`,
  coupon:
    'rabat, rabatt, rabatten, tilbud, kampagne, kampanje, gavekort, kupon, kupong, indkøbskurv, handlekurv, udsalg, spar',
  access: `log ind, logge ind, logg inn, logge inn, innlogging, bekræft, bekreft, bekræftelse, bekreftelse, verificer, verifiser, verificering,
    verifisering, aktiver, registrering, identitet, adgangskode, passord`,
  enter: 'indtast, skriv, brug, bruk, angiv, oppgi, tast, med',
  copula: 'er, følgende, her, nedenfor',
  unit: 'minutter, minut, minutt, min, timer, time, dage, dager, dag, sekunder, uger, uker, måneder, kr, kroner, point, poeng, personer, gange, cifre, siffer, tegn',
  action: `bekræft, bekreft, bekræftelse, bekreftelse, verificer, verifiser, aktiver, nulstil adgangskode, nulstil, tilbakestill passord,
    tilbakestill, skift adgangskode, endre passord, ny adgangskode, nytt passord, opret adgangskode, log ind, logg inn, accepter, godta,
    acceptér invitation, godta invitasjon, bliv medlem, bli med, fuldfør registrering, fullfør registrering, lås op, lås opp, godkend, godkjenn`,
  step: `kom i gang, fortsæt, fortsett, spor, spor pakke, se ordre, vis ordre, se faktura, vis faktura, betal, download, last ned, åbn, åpne,
    vis, svar, køb, kjøp, køb nu, kjøp nå, book, bestil, anmeld, stem, forny, opdater, oppdater`,
  unsubscribe:
    'afmeld, avmeld, meld dig af, meld deg av, frameld, opsig abonnement, avslutt abonnement, afmelde, avmelde',
  aside: `privatliv, personvern, privatlivspolitik, betingelser, vilkår, hjælp, hjelp, kundeservice, support, kontakt, kontakt os, kontakt oss,
    om os, om oss, vis i browser, se i browser, vis i nettleseren, webversion, indstillinger, innstillinger, hjemmeside, følg os, følg oss`,
  denial: `afvis, avvis, det var ikke mig, det var ikke meg, ikke dig, ikke deg, ikke bedt om, genkender ikke, rapportér,
    annuller, avbryt`,
  vague:
    'her, klik her, klikk her, dette link, denne lenken, link, linket, lenke, følgende link, klik, klikk, knappen',
}
