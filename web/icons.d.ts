/** An icon of lucide-static, read at build: its elements with their attributes. */
declare module '*.svg?icon' {
  export const icon: readonly (readonly [element: string, attributes: Record<string, string>])[]
}
