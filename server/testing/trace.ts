/**
 * Errors of the library point at the line of the test that called it: that is what a test runner shows, and what somebody
 * wants to see who reads it.
 */

/** The methods, each with errors that point at who called it. */
export const traced = <T extends { readonly [Name in keyof T]: unknown }>(methods: T): T =>
  Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      typeof method === 'function' ? tracedMethod(method as Method) : method,
    ]),
  ) as T

type Method = (...args: unknown[]) => Promise<unknown>

function tracedMethod(method: Method): Method {
  const called: Method = async (...args) => {
    const here: { stack?: string } = {}
    Error.captureStackTrace(here, called)
    try {
      return await method(...args)
    } catch (error) {
      // Taken before, since a stack that is taken after a wait does not always reach back to the caller.
      if (error instanceof Error) error.stack = headed(error, here.stack ?? '')
      throw error
    }
  }
  return called
}

const headed = ({ name, message }: Error, stack: string): string =>
  `${name}: ${message}${stack.slice(stack.indexOf('\n'))}`

/** The same for what answers at once: `method` is the one that was called. */
export function pointing<T>(method: (...args: never[]) => T, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, method)
    throw error
  }
}
