import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { strings } from '../strings.ts'
import { Button } from './button.tsx'

/**
 * A component whose code is fetched when it is first shown. Until then there is nothing in its place; where it
 * cannot be fetched (the server is gone, or has been updated) it says so.
 */
export const lazy = <P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> => {
  let Loaded: ComponentType<P> | undefined
  return (props: P) => {
    const [state, setState] = useState<'loading' | 'ready' | 'failed'>(Loaded ? 'ready' : 'loading')
    useEffect(() => {
      if (state !== 'loading') return
      let isWanted = true
      load().then(
        component => {
          Loaded = component
          if (isWanted) setState('ready')
        },
        () => isWanted && setState('failed'),
      )
      return () => {
        isWanted = false
      }
    }, [state])
    if (state === 'failed') {
      return (
        <div class="nothing" role="alert">
          <h2>{strings.common.notLoaded}</h2>
          {/* A module that failed stays failed for this page. */}
          <Button onClick={() => location.reload()}>{strings.common.reload}</Button>
        </div>
      )
    }
    return state === 'ready' && Loaded ? <Loaded {...props} /> : null
  }
}
