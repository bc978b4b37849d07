import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/**
 * A component that is loaded when it is first shown: what is not needed for the first list is no part of it.
 *
 * @example
 * const Compose = lazily(async () => (await import('./compose-dialog.tsx')).ComposeDialog)
 */
export const lazily = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> => {
  let loaded: ComponentType<Props> | null = null
  return props => {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(() => loaded)
    useEffect(() => {
      if (Loaded) return
      load().then(
        component => {
          loaded = component
          setLoaded(() => component)
        },
        // The next time that it is shown tries again; the live pill says why nothing came.
        (error: unknown) => console.warn(error),
      )
    }, [Loaded])
    return Loaded && <Loaded {...props} />
  }
}
