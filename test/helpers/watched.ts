/**
 * What a process that a test starts has to get where its environment is its own: the hook of no-outgoing.js, and whatever
 * else this process starts its children with. Nothing where nobody watches, such as in a bench.
 */
export const watchedEnvironment = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS } = process.env
  return NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS }
}

/** What the hook says where something went out, among what a process said on standard error. */
export const OUTGOING = /^Error: outgoing: .*$/m

/**
 * @param stderr all that a process said, which has ended
 * @throws where it has tried to go out, whatever it made of that
 */
export function refuseOutgoing(stderr: string): void {
  if (OUTGOING.test(stderr)) throw new Error(`it tried to go out:\n${stderr}`)
}
