import type { Pace } from '../../../store/pace.ts'
import { ImapError } from '../../errors.ts'
import { sortInSteps } from '../../sort-in-steps.ts'
import { Forest } from './forest.ts'
import { messageIds } from './message-ids.ts'
import { bySentDate, type Thread, type Threadable } from './threads.ts'

/** Messages that are referred to, and are not among those that are threaded. */
const MAX_DUMMIES = 500_000

/** A thread while it is put together. */
type Node = { readonly message: number | null; replies: Node[] }

/**
 * Threads by what answers what (RFC 5256 §3, REFERENCES): the numbers in here are those of its steps. `references` are the
 * ids that each message refers to, its nearest ancestor last.
 *
 * @throws ImapError `NO [LIMIT]` where they refer to too many
 */
export async function threadByReferences(
  messages: readonly Threadable[],
  references: AsyncIterable<readonly string[]>,
  pace: Pace,
  { maxDummies = MAX_DUMMIES } = {},
): Promise<readonly Thread[]> {
  const message = (node: Node) => messages[node.message as number] as Threadable
  /** Of a dummy the first reply stands for it. */
  const first = (node: Node) => message(node.message === null ? (node.replies[0] as Node) : node)
  const inOrder = (nodes: readonly Node[]) =>
    sortInSteps(nodes, (a, b) => bySentDate(first(a), first(b)), pace)
  const sortReplies = async (nodes: Iterable<Node>) => {
    for (const node of nodes) {
      if (node.replies.length > 1) node.replies = await inOrder(node.replies)
      if (pace.isDue) await pace.rest()
    }
  }

  const forest = await link(messages, references, maxDummies, pace) // (1)
  const { nodes, roots } = await prune(messages, forest, pace) // (2), (3)
  await sortReplies(roots.filter(isDummy))
  const sorted = await inOrder(roots) // (4)
  const isReply = (node: Node) => message(node).isReply
  const merged = await merge(sorted, node => first(node).subject, isReply, pace) // (5)
  await sortReplies(nodes) // (6)
  await sortReplies(merged.filter(isDummy))
  return inOrder(merged)
}

const NONE: readonly never[] = []
const isDummy = (node: Node) => node.message === null

/** Nodes from `messages.length` on are dummies. */
async function link(
  messages: readonly Threadable[],
  references: AsyncIterable<readonly string[]>,
  maxDummies: number,
  pace: Pace,
): Promise<Forest> {
  const numbers = new Map<string, number>()
  for (const { at, entry } of messages) {
    // The first of those with one id has it.
    const [id] = messageIds(entry.message.messageId)
    if (id !== undefined && !numbers.has(id)) numbers.set(id, at)
    if (pace.isDue) await pace.rest()
  }
  let size = messages.length
  const ancestors: (readonly number[])[] = []
  const numberOf = (id: string) => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    numbers.set(id, size)
    return size++
  }
  for await (const ids of references) {
    ancestors.push(ids.length === 0 ? NONE : ids.map(numberOf))
    if (size - messages.length > maxDummies)
      throw new ImapError('NO', 'too many references', 'LIMIT')
    if (pace.isDue) await pace.rest()
  }
  const forest = new Forest(size)
  for (const [message, chain] of ancestors.entries()) {
    let above = -1
    for (const node of chain) {
      if (above !== -1 && forest.parent(node) === -1) forest.link(node, above)
      above = node
      if (pace.isDue) await pace.rest()
    }
    // What others say of its parent counts less than what it says itself.
    forest.cut(message)
    if (above !== -1) forest.link(message, above)
    if (pace.isDue) await pace.rest()
  }
  return forest
}

/** Leaves dummies out, but for those at the top that have more than one reply. */
async function prune(messages: readonly Threadable[], forest: Forest, pace: Pace) {
  const nodes: Node[] = messages.map(({ at }) => ({ message: at, replies: [] }))
  const dummies = new Map<number, Node>()
  const roots: Node[] = []
  const anchors = new Map<number, number>()
  for (const node of nodes) {
    const parent = forest.parent(node.message as number)
    const anchor = parent === -1 ? -1 : anchorOf(parent, messages.length, forest, anchors)
    if (anchor === -1) roots.push(node)
    else if (anchor < nodes.length) nodes[anchor]?.replies.push(node)
    else {
      const dummy = dummies.get(anchor)
      if (dummy) dummy.replies.push(node)
      else dummies.set(anchor, { message: null, replies: [node] })
    }
    if (pace.isDue) await pace.rest()
  }
  for (const dummy of dummies.values()) {
    const [only, another] = dummy.replies
    roots.push(only && !another ? only : dummy)
  }
  return { nodes, roots }
}

/** The message that stands next above in the place of dummies, else the dummy at the top. */
function anchorOf(
  from: number,
  dummiesFrom: number,
  forest: Forest,
  /** Known for dummies that were passed before: a long chain of them is climbed once. */
  anchors: Map<number, number>,
): number {
  const passed: number[] = []
  let at = from
  while (at >= dummiesFrom) {
    const known = anchors.get(at)
    const above = known ?? forest.parent(at)
    if (above === -1) break
    passed.push(at)
    at = above
  }
  for (const dummy of passed) anchors.set(dummy, at)
  return at
}

/** Puts threads of the same subject together. */
async function merge(
  roots: readonly Node[],
  subjectOf: (node: Node) => string,
  isReply: (node: Node) => boolean,
  pace: Pace,
): Promise<readonly Node[]> {
  const table = new Map<string, Node>()
  for (const root of roots) {
    const subject = subjectOf(root)
    if (subject === '') continue
    const known = table.get(subject)
    const isBetter =
      known && !isDummy(known) && (isDummy(root) || (isReply(known) && !isReply(root)))
    if (!known || isBetter) table.set(subject, root)
    if (pace.isDue) await pace.rest()
  }
  const left = new Set(roots)
  for (const root of roots) {
    const subject = subjectOf(root)
    const known = table.get(subject)
    if (subject === '' || !known || known === root || !left.has(root)) continue
    left.delete(root)
    if (isDummy(known)) {
      for (const reply of isDummy(root) ? root.replies : [root]) known.replies.push(reply)
    } else if (isReply(root) && !isReply(known)) known.replies.push(root)
    else {
      const dummy: Node = { message: null, replies: [known, root] }
      table.set(subject, dummy)
      left.delete(known)
      left.add(dummy)
    }
    if (pace.isDue) await pace.rest()
  }
  return [...left]
}
