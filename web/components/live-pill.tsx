import { liveState, retry } from '../live.ts'
import { strings } from '../strings.ts'

/** Says whether new mail shows up by itself. */
export const LivePill = () => {
  const state = liveState.value
  return (
    <div class="live" data-state={state}>
      <span class="live-state" role="status" data-testid="live">
        <span class="live-dot" />
        <span class="live-words">{strings.shell.live[state]}</span>
      </span>
      {state === 'offline' && (
        <button type="button" class="live-retry" data-testid="retry" onClick={retry}>
          {strings.shell.retry}
        </button>
      )}
    </div>
  )
}
