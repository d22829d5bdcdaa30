/** How pressing a line is, from most to least. */
export const urgencies = ['flash', 'bulletin', 'urgent', 'routine'] as const
export type Urgency = (typeof urgencies)[number]
