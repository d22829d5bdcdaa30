/** A line, as far as its embargo is concerned. */
export interface Embargoed {
  readonly desk?: { readonly embargoUntil?: number }
}

/** The end of the line's embargo in ms, while it is ahead. `now`: the server's time in ms. */
export function embargoAhead({ desk: { embargoUntil } = {} }: Embargoed, now: number): number | undefined {
  return embargoUntil !== undefined && embargoUntil > now ? embargoUntil : undefined
}
