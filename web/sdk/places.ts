// Loaded only with the HTTP transports.

/** Requests of one page to one origin that stay open. Over HTTP/1.1 a browser has six connections to it. */
const MAX_HELD = 2
/** Requests at the same time of feeds that take turns. */
const MAX_ASKING = 2

/** The connections of a page to one origin. Feeds without a place for a stream take turns with short polls. */
export interface Places {
  held: number
  asking: number
  /** Feeds whose turn is to come, in order. */
  readonly queue: (() => void)[]
  /** The network holds streams back: a feed that polls in turn stays with that. */
  holdsStreamsBack?: boolean
}

/** The page may have loaded this code twice, for a widget and for its own program: both share the places. */
const REGISTRY = Symbol.for('flashline.places.1')

export function placesOf(origin: string): Places {
  const page = globalThis as { [REGISTRY]?: Map<string, Places> | undefined }
  const registry = page[REGISTRY] ?? new Map<string, Places>()
  page[REGISTRY] = registry
  const places = registry.get(origin) ?? { held: 0, asking: 0, queue: [] }
  registry.set(origin, places)
  return places
}

/** Takes a place for a request that stays open. Returns the function that gives it back; undefined: none is free. */
export function takePlace(places: Places): (() => void) | undefined {
  if (places.held >= MAX_HELD) return undefined
  places.held++
  return () => {
    places.held--
  }
}

/** Runs a request when its turn comes. */
export async function inTurn<T>(places: Places, ask: () => Promise<T>): Promise<T> {
  if (places.asking < MAX_ASKING) places.asking++
  else await new Promise<void>((resolve) => places.queue.push(resolve))
  try {
    return await ask()
  } finally {
    const next = places.queue.shift()
    if (next) next()
    else places.asking--
  }
}
