/** Milliseconds since 1970, UTC. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/**
 * The time at the start of the process plus the time that has passed since: it goes on evenly when the clock of the
 * machine is set. It may be wrong by any time, as that clock was at the start.
 */
export const steadyClock: Clock = () => performance.timeOrigin + performance.now()
