import { type ReadonlySignal, signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { strings } from '../strings.ts'
import { Button } from './button.tsx'

type State<P> = { readonly view: ComponentType<P> } | 'loading' | 'failed'

/**
 * A component that is loaded with its first use. `load` is an `import()` of its file and what of it is meant.
 *
 * @example
 * const Parts = lazy(() => import('./parts-view.tsx').then(file => file.PartsView))
 */
export const lazy = <P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> => {
  const state = signal<State<P> | null>(null)
  const start = (): void => {
    state.value = 'loading'
    load().then(
      view => {
        state.value = { view }
      },
      () => {
        state.value = 'failed'
      },
    )
  }
  const Lazy = (props: P) => {
    useEffect(() => {
      if (state.value === null) start()
    }, [])
    const { value } = state as ReadonlySignal<State<P> | null>
    if (value === 'failed') {
      return (
        <div class="nothing-here" role="alert">
          <p>{strings.message.viewFailed}</p>
          <Button onClick={start}>{strings.common.tryAgain}</Button>
        </div>
      )
    }
    if (value === null || value === 'loading')
      return <div class="message-loading" aria-busy="true" />
    const View = value.view
    return <View {...props} />
  }
  return Lazy
}
