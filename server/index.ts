export { type Mailcatch, type Ports, startMailcatch } from './mailcatch.ts'
export type { Credentials } from './option-kinds.ts'
export { type Options, UsageError } from './options.ts'
