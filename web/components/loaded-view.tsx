import type { ComponentChildren } from 'preact'
import type { Loading } from '../loaded.ts'
import { strings } from '../strings.ts'
import { Button } from './button.tsx'

/** What was read, once it is there; `failed` says what could not be read. */
export function LoadedView<T>({
  from: { state, reload },
  failed,
  children,
}: {
  from: Loading<T>
  failed: string
  children: (value: T) => ComponentChildren
}) {
  const { value: shown } = state
  switch (shown.is) {
    case 'loading':
      return <div class="message-loading" aria-busy="true" data-testid="reading" />
    case 'failed':
      return (
        <div class="nothing-here" role="alert">
          <p>
            {failed}: {shown.error.message}
          </p>
          <Button onClick={reload}>{strings.common.tryAgain}</Button>
        </div>
      )
    case 'ready':
      return <>{children(shown.value)}</>
  }
}
