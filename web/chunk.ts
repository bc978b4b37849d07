/** Cuts a text into blocks of at most so many lines and, where lines are long, of about 100 000 characters. */
export const chunk = (text: string, lines: number, most = 100_000): readonly string[] => {
  const blocks: string[] = []
  let start = 0
  let count = 0
  let at = 0
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline + 1
    // A line that is too long for a block is a block's end wherever it is cut.
    at = Math.min(end, start + most)
    count += 1
    if (count === lines || at - start >= most || at === text.length) {
      blocks.push(text.slice(start, at))
      start = at
      count = 0
    }
  }
  return blocks
}
