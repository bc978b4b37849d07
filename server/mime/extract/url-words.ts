/** Words in the path of a URL, or the names of its parameters, that say what it is for: whatever the mail's language. */

const ACTION = `verify verification verified confirm confirmation confirmed activate activation reset password passwort
  recover recovery magic magiclink otp passwordless invite invitation invitations accept unlock approve validate validation
  register registration onboarding optin bestaetigen bestaetigung aktivieren zuruecksetzen confirmer confirmar confirmacion
  confirmacao conferma verificar verifica verifier activer activar reinitialiser restablecer redefinir potwierdz aktywuj`

/** These lead to a page that anybody may open, unless a token is with them. */
const LOGIN = 'login signin signon signup logon auth oauth session sessions'

const UNSUBSCRIBE = `unsubscribe unsub unsubscribes unsubscription optout abmelden abbestellen austragen desinscription
  desabonnement desabonner baja darsedebaja desuscribir disiscrizione descadastrar wypisz rezygnacja afmelden uitschrijven`

type Meaning = 'action' | 'login' | 'unsubscribe'

const list = (words: string, meaning: Meaning) =>
  words.split(/\s+/).map(word => [word, meaning] as const)

const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...list(ACTION, 'action'),
  ...list(LOGIN, 'login'),
  ...list(UNSUBSCRIBE, 'unsubscribe'),
])

/** How `verifyEmail` begins. */
const BEGINNING = /^(?:verify|confirm|activate|reset|unlock|magic|accept|validate)/

/** What the words of a URL tell. */
export type UrlWords = {
  readonly isAction: boolean
  readonly isUnsubscribe: boolean
  /** Where everybody logs in. */
  readonly isLogin: boolean
  /** It holds something long and random, which stands for a person or an occasion. */
  readonly hasToken: boolean
  /** The front page of a site. */
  readonly isHome: boolean
}

/** Reads the path of a URL and its parameters: of these the names for words, the values for tokens. */
export function urlWords(href: string): UrlWords {
  const start = pathStart(href)
  const lower = href.toLowerCase()
  let [isAction, isLogin, isUnsubscribe, hasToken, isHome] = [false, false, false, false, true]
  let word = start
  let piece = start
  let isValue = false
  for (let at = start; at <= lower.length; at++) {
    const unit = lower.charCodeAt(at)
    if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39)) {
      isHome = false
      continue
    }
    if (!isValue && at - word > 2) {
      const meaning = meaningOf(lower.slice(word, at))
      if (meaning === 'action') isAction = true
      else if (meaning === 'login') isLogin = true
      else if (meaning === 'unsubscribe') isUnsubscribe = true
    }
    word = at + 1
    if (!ENDS_PIECE.has(unit) && at < lower.length) continue
    hasToken ||= at - piece >= 10 && isToken(lower.slice(piece, at))
    piece = at + 1
    isValue = unit === EQUALS
  }
  return {
    isAction: isAction || (isLogin && hasToken),
    isUnsubscribe,
    isLogin: isLogin && !hasToken,
    hasToken,
    isHome,
  }
}

function meaningOf(word: string): Meaning | undefined {
  return MEANINGS.get(word) ?? (word.length > 7 && BEGINNING.test(word) ? 'action' : undefined)
}

const EQUALS = 0x3d
const ENDS_PIECE: ReadonlySet<number> = new Set([...'/?&=#'].map(sign => sign.charCodeAt(0)))

/** Past the host, where there is one; an app of its own scheme has its path there. */
function pathStart(href: string): number {
  const colon = href.indexOf(':') + 1
  if (!/^https?:\/\//i.test(href)) return colon
  for (let at = colon + 2; at < href.length; at++) {
    if (ENDS_PIECE.has(href.charCodeAt(at))) return at
  }
  return href.length
}

/** At least sixteen characters, or a few fewer with letters and digits mixed. Lower case. */
function isToken(value: string): boolean {
  return (
    /^[\w.~%+:-]+$/.test(value) &&
    /\d/.test(value) &&
    /[a-z]/.test(value) &&
    (value.length >= 16 || /\d[a-z]+\d|[a-z]\d+[a-z]/.test(value))
  )
}

/** Parameters whose value is a code that a person may type instead of following the link. */
const CODE = new Set(
  `code otp pin passcode token verification_code verificationcode verify_code confirmation_code
  confirmationcode auth_code authcode login_code logincode activation_code activationcode security_code mfa_code
  one_time_code onetimecode c key`.split(/\s+/),
)

/** Path segments that a code may follow. */
const BEFORE_CODE = new Set(
  'code otp pin verify verification confirm confirmation activate magic login c'.split(' '),
)

/** What in the URL might be typed as a code: the values of parameters that are called so, and what follows `/verify/`. */
export function urlCodes(href: string): readonly string[] {
  const { path, query } = pieces(href)
  const codes: string[] = []
  for (const parameter of query) {
    const equals = parameter.indexOf('=')
    if (equals > 0 && CODE.has(parameter.slice(0, equals).toLowerCase())) {
      codes.push(parameter.slice(equals + 1))
    }
  }
  path.forEach((segment, index) => {
    const before = path[index - 1]
    if (before !== undefined && BEFORE_CODE.has(before.toLowerCase())) codes.push(segment)
  })
  return codes.filter(code => code.length <= 20)
}

const MAX_PIECES = 50

function pieces(href: string): { path: readonly string[]; query: readonly string[] } {
  const [, rest = ''] = /^[a-z][a-z\d+.-]{0,30}:(?:\/\/[^/?#]*)?(.*)/is.exec(href) ?? []
  const [beforeFragment = '', fragment = ''] = rest.split('#', 2)
  const question = beforeFragment.indexOf('?')
  const path = question === -1 ? beforeFragment : beforeFragment.slice(0, question)
  const query = question === -1 ? '' : beforeFragment.slice(question + 1)
  // Apps of one page have their paths in the fragment.
  return {
    path: `${path}/${fragment.replace(/^!?\/?/, '')}`
      .split('/', MAX_PIECES)
      .filter(segment => segment !== ''),
    query: query.split('&', MAX_PIECES).filter(parameter => parameter !== ''),
  }
}
