/**
 * The three functions of the reflect-metadata proposal that @peculiar/x509's injector (tsyringe) calls. It refuses to
 * load without them. Import this before it.
 */

type Target = object

const metadata = new WeakMap<Target, Map<unknown, unknown>>()

const getOwnMetadata = (key: unknown, target: Target): unknown => metadata.get(target)?.get(key)

function getMetadata(key: unknown, target: Target): unknown {
  for (let owner: Target | null = target; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const value = getOwnMetadata(key, owner)
    if (value !== undefined) return value
  }
  return undefined
}

function defineMetadata(key: unknown, value: unknown, target: Target): void {
  const own = metadata.get(target)
  if (own) own.set(key, value)
  else metadata.set(target, new Map([[key, value]]))
}

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata })
}
