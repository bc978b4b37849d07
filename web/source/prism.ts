import './prism-settings.ts'
import Prism, { type TokenStream } from 'prismjs'

/** A piece of source: its kind, null for what has none, and its text. */
export type Token = readonly [kind: string | null, text: string]

const flat = (stream: TokenStream, kind: string | null, tokens: Token[]): void => {
  if (typeof stream === 'string') {
    // What follows in the same colour is one element.
    const last = tokens.at(-1)
    if (last?.[0] === kind) tokens[tokens.length - 1] = [kind, last[1] + stream]
    else if (stream !== '') tokens.push([kind, stream])
  } else if (Array.isArray(stream)) {
    for (const piece of stream) flat(piece, kind, tokens)
  } else {
    flat(stream.content, kinds[stream.type] ?? kind, tokens)
  }
}

/** Of the many kinds that prismjs knows those that get a colour of their own. */
const kinds: Readonly<Record<string, string>> = {
  tag: 'tag',
  'attr-name': 'name',
  'attr-value': 'string',
  comment: 'comment',
  prolog: 'comment',
  doctype: 'comment',
  cdata: 'comment',
  entity: 'escape',
  selector: 'tag',
  property: 'name',
  string: 'string',
  url: 'string',
  atrule: 'key',
  important: 'key',
  function: 'key',
}

/** The tokens of a piece of HTML or CSS; joined they are the text. */
export const tokenize = (text: string, language: 'markup' | 'css'): readonly Token[] => {
  const grammar = Prism.languages[language]
  if (!grammar) throw new Error(`No grammar for ${language}`)
  const tokens: Token[] = []
  flat(Prism.tokenize(text, grammar), null, tokens)
  return tokens
}
