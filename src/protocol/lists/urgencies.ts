/** Urgencies of a headline, from the highest to the lowest. */
export const urgencies = ['flash', 'bulletin', 'urgent', 'routine'] as const
export type Urgency = (typeof urgencies)[number]
