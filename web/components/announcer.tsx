import { announcement } from '../announce.ts'

/** The one polite live region. */
export const Announcer = () => (
  <div class="hidden" aria-live="polite" data-testid="announcer">
    {announcement.value}
  </div>
)
