/** Red, green and blue from 0 to 255, and how opaque, from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** The names that mails use: the sixteen of HTML 4, and the commonest others of CSS. */
const NAMES: Readonly<Record<string, string>> = {
  aliceblue: 'f0f8ff',
  aqua: '00ffff',
  beige: 'f5f5dc',
  black: '000000',
  blue: '0000ff',
  brown: 'a52a2a',
  coral: 'ff7f50',
  crimson: 'dc143c',
  cyan: '00ffff',
  darkblue: '00008b',
  darkgray: 'a9a9a9',
  darkgreen: '006400',
  darkgrey: 'a9a9a9',
  darkorange: 'ff8c00',
  darkred: '8b0000',
  deepskyblue: '00bfff',
  dimgray: '696969',
  dimgrey: '696969',
  dodgerblue: '1e90ff',
  forestgreen: '228b22',
  fuchsia: 'ff00ff',
  gainsboro: 'dcdcdc',
  gold: 'ffd700',
  gray: '808080',
  green: '008000',
  grey: '808080',
  indigo: '4b0082',
  ivory: 'fffff0',
  lavender: 'e6e6fa',
  lightblue: 'add8e6',
  lightgray: 'd3d3d3',
  lightgreen: '90ee90',
  lightgrey: 'd3d3d3',
  lightyellow: 'ffffe0',
  lime: '00ff00',
  magenta: 'ff00ff',
  maroon: '800000',
  midnightblue: '191970',
  navy: '000080',
  olive: '808000',
  orange: 'ffa500',
  orangered: 'ff4500',
  pink: 'ffc0cb',
  purple: '800080',
  red: 'ff0000',
  royalblue: '4169e1',
  silver: 'c0c0c0',
  skyblue: '87ceeb',
  slategray: '708090',
  steelblue: '4682b4',
  teal: '008080',
  tomato: 'ff6347',
  violet: 'ee82ee',
  white: 'ffffff',
  whitesmoke: 'f5f5f5',
  yellow: 'ffff00',
}

/** A colour as CSS and HTML attributes write it; null where it is another thing, or one that depends on something. */
export function readColour(text: string): Colour | null {
  const word = text.trim().toLowerCase()
  if (word === 'transparent') return [0, 0, 0, 0]
  const named = Object.hasOwn(NAMES, word) ? NAMES[word] : undefined
  const hex = named ?? /^#?([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.exec(word)?.[1]
  if (hex) return fromHex(hex)
  const call = /^rgba?\(([\d.%\s,/]{1,60})\)$/.exec(word)?.[1]
  if (!call) return null
  const values = call.split(/[\s,/]+/).filter(value => value !== '')
  const numbers = values.map((value, index) => {
    const number = Number.parseFloat(value)
    if (!value.endsWith('%')) return number
    return index === 3 ? number / 100 : number * 2.55
  })
  const [red, green, blue, alpha = 1] = numbers
  if (red === undefined || green === undefined || blue === undefined) return null
  return numbers.some(Number.isNaN) ? null : [red, green, blue, Math.min(Math.max(alpha, 0), 1)]
}

function fromHex(hex: string): Colour {
  const digits = hex.length < 6 ? [...hex].map(digit => digit + digit).join('') : hex
  const at = (index: number) => Number.parseInt(digits.slice(index, index + 2), 16)
  return [at(0), at(2), at(4), digits.length === 8 ? at(6) / 255 : 1]
}

/** What is seen where one colour lies over another. */
export function over(front: Colour, back: Colour): Colour {
  const mixed = (index: 0 | 1 | 2) => front[index] * front[3] + back[index] * (1 - front[3])
  return [mixed(0), mixed(1), mixed(2), 1]
}

/** From 1 to 21, as WCAG 2.2 computes it; both opaque. */
export function contrast(a: Colour, b: Colour): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [
    number,
    number,
  ]
  return (light + 0.05) / (dark + 0.05)
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number) => {
    const part = Math.min(Math.max(value, 0), 255) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
