const NONE = -1

/**
 * Trees of nodes 0 … size - 1, which are linked and cut. Finding the root of a node costs the logarithm of the size on
 * average, however deep the tree is: a link-cut tree (Sleator and Tarjan, 1983), in which the path from a node to its
 * root is a splay tree ordered by depth.
 */
export class Forest {
  /** By node; -1 where it is a root. */
  readonly #parents: Int32Array
  /** How many children a node has. */
  readonly #children: Int32Array
  readonly #up: Int32Array
  readonly #left: Int32Array
  readonly #right: Int32Array

  constructor(size: number) {
    const none = () => new Int32Array(size).fill(NONE)
    this.#parents = none()
    this.#children = new Int32Array(size)
    this.#up = none()
    this.#left = none()
    this.#right = none()
  }

  /** -1 where it is a root. */
  parent(node: number): number {
    return this.#parents[node] as number
  }

  /** Makes a root the child of a node, unless that is below it, or itself. */
  link(child: number, parent: number): boolean {
    const isLoop = child === parent || (this.#children[child] !== 0 && this.#root(parent) === child)
    if (isLoop) return false
    this.#expose(child)
    this.#up[child] = parent
    this.#parents[child] = parent
    this.#count(parent, 1)
    return true
  }

  /** Makes a node the root of what is below it. */
  cut(child: number): void {
    const parent = this.parent(child)
    if (parent === NONE) return
    this.#expose(child)
    const above = this.#left[child] as number
    this.#up[above] = NONE
    this.#left[child] = NONE
    this.#parents[child] = NONE
    this.#count(parent, -1)
  }

  #count(parent: number, by: 1 | -1): void {
    this.#children[parent] = (this.#children[parent] as number) + by
  }

  #root(node: number): number {
    this.#expose(node)
    let root = node
    for (let left = this.#left[root] as number; left !== NONE; left = this.#left[root] as number) {
      root = left
    }
    this.#splay(root)
    return root
  }

  /** Makes the path from the root to the node one splay tree, with the node at its top. */
  #expose(node: number): void {
    let below = NONE
    for (let at = node; at !== NONE; at = this.#up[at] as number) {
      this.#splay(at)
      this.#right[at] = below
      below = at
    }
    this.#splay(node)
  }

  #splay(node: number): void {
    while (!this.#isTop(node)) {
      const parent = this.#up[node] as number
      if (!this.#isTop(parent)) {
        const isStraight = this.#isLeft(node) === this.#isLeft(parent)
        this.#rotate(isStraight ? parent : node)
      }
      this.#rotate(node)
    }
  }

  /** Whether it is the top of its splay tree: what is above it, if anything, does not know of it. */
  #isTop(node: number): boolean {
    const up = this.#up[node] as number
    return up === NONE || (this.#left[up] !== node && this.#right[up] !== node)
  }

  #isLeft(node: number): boolean {
    return this.#left[this.#up[node] as number] === node
  }

  /** Puts a node in the place of the one above it. */
  #rotate(node: number): void {
    const above = this.#up[node] as number
    const top = this.#up[above] as number
    const isAtTop = this.#isTop(above)
    const [near, far] = this.#isLeft(node) ? [this.#left, this.#right] : [this.#right, this.#left]
    const inner = far[node] as number
    near[above] = inner
    if (inner !== NONE) this.#up[inner] = above
    far[node] = above
    this.#up[above] = node
    this.#up[node] = top
    if (isAtTop) return
    if (this.#left[top] === above) this.#left[top] = node
    else this.#right[top] = node
  }
}
