/** Urgencies of a headline, from the highest to the lowest. */
export const urgencies = ['flash', 'bulletin', 'urgent', 'routine'] as const
export type Urgency = (typeof urgencies)[number]

/** Urgencies under which a headline is called breaking for a while; a routine one never is. */
export const breakingUrgencies = ['flash', 'bulletin', 'urgent'] as const satisfies readonly Urgency[]
export type BreakingUrgency = (typeof breakingUrgencies)[number]

export function isBreakingUrgency(urgency: Urgency): urgency is BreakingUrgency {
  return (breakingUrgencies as readonly Urgency[]).includes(urgency)
}
