/**
 * How the service knows of an act that its storage has lost. `api`: the api that accepted it remembers it. `gateway`: a
 * gateway reports its event, which is no proof. `archive`: it holds the event.
 */
export const lossSources = ['api', 'gateway', 'archive'] as const
export type LossSource = (typeof lossSources)[number]
