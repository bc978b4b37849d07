import { type LiveState, liveState, retry } from '../live.ts'

const words: Record<LiveState, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
}

/** Says whether new mail shows up by itself. */
export const LivePill = () => {
  const state = liveState.value
  return (
    <div class="live" data-state={state}>
      <span class="live-state" role="status" data-testid="live">
        <span class="live-dot" />
        <span class="live-words">{words[state]}</span>
      </span>
      {state === 'offline' && (
        <button type="button" class="live-retry" data-testid="retry" onClick={retry}>
          Retry
        </button>
      )}
    </div>
  )
}
