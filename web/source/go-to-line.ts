/** Characters of a line that are marked: of a line of a megabyte the beginning says enough. */
const most = 500

/**
 * Brings a line, from 1, of a text into view and selects it, so that it is seen and can be copied. `view` scrolls, and has
 * the text in its `pre` elements, in order, whatever else is in those. Answers false where the text has no such line.
 */
export const goToLine = (view: Element, line: number): boolean => {
  let left = line - 1
  for (const block of view.querySelectorAll('pre')) {
    const text = block.textContent ?? ''
    let start = 0
    for (; left > 0; left--) {
      const end = text.indexOf('\n', start)
      if (end === -1) break
      start = end + 1
    }
    // A long line may go on in the next block.
    if (left > 0 || start === text.length) continue
    const end = text.indexOf('\n', start)
    show(block, start, Math.min(end === -1 ? text.length : end, start + most))
    return true
  }
  return false
}

/** Milliseconds in which colours come into the block, and its text nodes are others. */
const settling = 2000

const show = (block: Element, start: number, end: number): void => {
  // What is out of sight is not laid out: first the block, then the line in it.
  block.scrollIntoView({ block: 'start' })
  const { top, height } = select(block, start, end).getBoundingClientRect()
  const view = block.closest('[data-scrolls]')
  if (view) {
    const frame = view.getBoundingClientRect()
    view.scrollTop += top - frame.top - Math.max((frame.height - height) / 3, 0)
  }
  const observer = new MutationObserver(() => select(block, start, end))
  observer.observe(block, { childList: true, subtree: true })
  setTimeout(() => observer.disconnect(), settling)
}

const select = (block: Element, start: number, end: number): Range => {
  const range = document.createRange()
  range.setStart(...pointAt(block, start))
  range.setEnd(...pointAt(block, end))
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
  return range
}

/** The text node that has an offset of the whole text. */
const pointAt = (block: Element, offset: number): [Node, number] => {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  let left = offset
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = node.textContent ?? ''
    if (left <= length) return [node, left]
    left -= length
  }
  return [block, 0]
}
