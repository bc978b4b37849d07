/**
 * The words by which codes and links are known in one language: phrases between commas, in lower case. Accents, hyphens
 * and apostrophes do not count; `*code` is any longer word that ends so, `verif*` one that begins so.
 */
export type Language = {
  /** Names that only a one-time code has. */
  readonly code: string
  /** Words that may name a one-time code, and much else. */
  readonly bare: string
  /** Names of other numbers, and words that stand directly before one. */
  readonly other: string
  /** What a code is about that takes something off a price. */
  readonly coupon: string
  /** What one does with a code. */
  readonly access: string
  /** Words between which a code stands: “enter 482913 to sign in”. */
  readonly enter: string
  /** What stands between a name and the code: “your code is: 482913”. */
  readonly copula: string
  /** What stands directly after a number that counts something. */
  readonly unit: string
  /** Links that let somebody in, or have something confirmed: what such a mail is for. */
  readonly action: string
  /** Links that ask for anything else. */
  readonly step: string
  readonly unsubscribe: string
  /** Links that every mail of a sender has. */
  readonly aside: string
  /** What is offered to somebody who wants none of it: “not you? reset your password”. */
  readonly denial: string
  /** Words of links that say nothing: those before them tell. */
  readonly vague: string
}

/** The phrases of a list. */
export const phrasesOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map(phrase => phrase.trim())
    .filter(phrase => phrase !== '')
