import { signal } from '@preact/signals'

/** Whether the dialog that makes a test mail is open. */
export const composing = signal(false)
