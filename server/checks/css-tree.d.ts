/** The parser and the walker alone: the package's front door brings the whole dictionary of CSS along, half a megabyte. */
declare module 'css-tree/parser' {
  import type { parse } from 'css-tree'

  const parser: typeof parse
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export default parser
}

declare module 'css-tree/walker' {
  import type { walk } from 'css-tree'

  const walker: typeof walk
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export default walker
}
