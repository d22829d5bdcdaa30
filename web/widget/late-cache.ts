import type * as Cache from '../sdk/cache.ts'

// The build puts this module into the ticker in place of `../sdk/cache.ts`, which `memory.ts` has.

/** Empty until the cache is there. */
export const late: Partial<typeof Cache> = {}

/** @public */
export const recall: typeof Cache.recall = (cache, target, blank) =>
  late.recall?.(cache, target, blank) ?? blank

/** @public */
export const keep: typeof Cache.keep = (...kept) => late.keep?.(...kept)
