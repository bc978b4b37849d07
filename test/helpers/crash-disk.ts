import type { Random } from './random.ts'

/** A write, or where `bytes` is null a truncation to `at` octets. */
export type Edit = { readonly at: number; readonly bytes: Buffer | null }

/** A change of a directory's names. A removal that is half of a rename goes only with its other half, `needs`. */
export type NameChange = {
  readonly name: string
  readonly node: Node | null
  readonly needs?: { readonly directory: Directory; readonly change: NameChange }
}

export type Node = File | Directory

const sector = 512

/** The content of a file: as it is read, as it is safe, and what lies between. */
export class File {
  #data: Buffer
  #safe: Buffer
  #edits: Edit[] = []

  constructor(safe: Buffer = Buffer.alloc(0)) {
    this.#data = safe
    this.#safe = safe
  }

  get data(): Buffer {
    return this.#data
  }

  edit(edit: Edit): void {
    this.#edits.push(edit)
    this.#data = edited(this.#data, edit)
  }

  sync(): void {
    this.#safe = this.#data
    this.#edits = []
  }

  afterPowerLoss(random: Random): Buffer {
    const fate = random.pick(['all', 'none', 'some'])
    if (fate === 'all') return this.#data
    if (fate === 'none') return this.#safe
    return this.#edits.reduce((bytes, edit) => {
      const left = leftOf(edit, random)
      return left ? edited(bytes, left) : bytes
    }, this.#safe)
  }
}

const edited = (bytes: Buffer, { at, bytes: more }: Edit): Buffer => {
  if (!more) return bytes.subarray(0, at)
  const joined = Buffer.alloc(Math.max(bytes.length, at + more.length))
  bytes.copy(joined)
  more.copy(joined, at)
  return joined
}

/** What the disk has of an edit that was not synced; null where it has nothing. */
const leftOf = (edit: Edit, random: Random): Edit | null => {
  const { at, bytes } = edit
  const fate = random.pick(['kept', 'lost', 'cut', 'zeros'])
  if (!bytes || fate === 'kept' || fate === 'lost') return fate === 'lost' ? null : edit
  const end = random.between(Math.floor(at / sector), Math.floor((at + bytes.length) / sector))
  const head = bytes.subarray(0, Math.max(0, end * sector - at))
  const tail = Buffer.alloc(fate === 'zeros' ? bytes.length - head.length : 0)
  return { at, bytes: Buffer.concat([head, tail]) }
}

/** The names of a directory: as they are read, as they are safe, and what lies between. */
export class Directory {
  readonly names: Map<string, Node>
  #safe: Map<string, Node>
  #changes: NameChange[] = []

  constructor(safe: ReadonlyMap<string, Node> = new Map()) {
    this.names = new Map(safe)
    this.#safe = new Map(safe)
  }

  change(change: NameChange): NameChange {
    this.#changes.push(change)
    renamed(this.names, change)
    return change
  }

  sync(): void {
    for (const { needs } of this.#changes) if (needs) needs.directory.#syncUpTo(needs.change)
    this.#safe = new Map(this.names)
    this.#changes = []
  }

  /** The disk's root after a power loss: a new tree, in which everything is safe. */
  afterPowerLoss(random: Random): Directory {
    return this.#rebuilt(this.#fates(random), new Map(), random)
  }

  /** The tree as it is read, everything in it safe. */
  copy(): Directory {
    const names = new Map<string, Node>()
    for (const [name, node] of this.names) {
      names.set(name, node instanceof Directory ? node.copy() : new File(node.data))
    }
    return new Directory(names)
  }

  #syncUpTo(change: NameChange): void {
    const count = this.#changes.indexOf(change) + 1
    for (const done of this.#changes.splice(0, count)) renamed(this.#safe, done)
  }

  /** How many of its changes a power loss leaves each directory. */
  #fates(random: Random): Map<Directory, number> {
    const kept = new Map<Directory, number>()
    for (const directory of this.#tree()) {
      const count = directory.#changes.length
      kept.set(directory, random.pick([0, count, random.between(0, count)]))
    }
    const isLost = ({ needs }: NameChange): boolean =>
      needs !== undefined &&
      needs.directory.#changes.indexOf(needs.change) >= (kept.get(needs.directory) ?? 0)
    // No rename loses the file: where the new name is lost the old one stays, and what came after its going is lost.
    for (let isSettled = false; !isSettled; ) {
      isSettled = true
      for (const [directory, count] of kept) {
        const at = directory.#changes.slice(0, count).findIndex(isLost)
        if (at < 0) continue
        kept.set(directory, at)
        isSettled = false
      }
    }
    return kept
  }

  *#tree(): Generator<Directory> {
    yield this
    const below = new Set([...this.#safe.values(), ...this.#changes.map(({ node }) => node)])
    for (const node of below) if (node instanceof Directory) yield* node.#tree()
  }

  #rebuilt(
    kept: ReadonlyMap<Directory, number>,
    files: Map<File, File>,
    random: Random,
  ): Directory {
    const safe = new Map(this.#safe)
    for (const change of this.#changes.slice(0, kept.get(this))) renamed(safe, change)
    const names = new Map<string, Node>()
    for (const [name, node] of safe) {
      if (node instanceof Directory) {
        names.set(name, node.#rebuilt(kept, files, random))
        continue
      }
      // A file on its way from one name to another may be found under both.
      const file = files.get(node) ?? new File(node.afterPowerLoss(random))
      files.set(node, file)
      names.set(name, file)
    }
    return new Directory(names)
  }
}

const renamed = (names: Map<string, Node>, { name, node }: NameChange): void => {
  if (node) names.set(name, node)
  else names.delete(name)
}
