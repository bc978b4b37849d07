import type { TargetedPointerEvent } from 'preact'
import { useRef } from 'preact/hooks'

/**
 * What a separator needs to be dragged sideways.
 * @param measure the width as it is when it is taken
 * @param set is told that width, and how far the pointer is from where it was then, in pixels
 */
export const useDragging = (measure: () => number, set: (width: number, by: number) => void) => {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null)
  const end = (): void => {
    start.current = null
  }
  return {
    onPointerDown(event: TargetedPointerEvent<HTMLElement>): void {
      event.currentTarget.setPointerCapture(event.pointerId)
      start.current = { x: event.clientX, width: measure() }
    },
    onPointerMove({ clientX }: TargetedPointerEvent<HTMLElement>): void {
      if (start.current) set(start.current.width, clientX - start.current.x)
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}
