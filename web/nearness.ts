/** Tells elements in a scroller when they come near its view, and when they leave it. */
export type Nearness = {
  /** Watches an element from now on; the answer ends it. */
  watch(element: Element, tell: (isNear: boolean) => void): () => void
  close(): void
}

/** Pixels beyond the view that are near. */
const margin = 400

/** One observer for all elements in `scroller`: thousands of them are no burden to it. */
export const openNearness = (scroller: Element | null): Nearness => {
  const watched = new Map<Element, (isNear: boolean) => void>()
  const observer = new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting)
    },
    { root: scroller, rootMargin: `${margin}px 0px` },
  )
  return {
    watch(element, tell) {
      watched.set(element, tell)
      observer.observe(element)
      return () => {
        watched.delete(element)
        observer.unobserve(element)
      }
    },
    close: () => observer.disconnect(),
  }
}
