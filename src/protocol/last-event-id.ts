/**
 * Query parameters in which `EventSource` polyfills send the id of their last event: `event-source-polyfill` the first,
 * `eventsource-polyfill` of amvtek the second. Both exist for browsers and requests that cannot have the header.
 */
export const lastEventIdParameters = ['lastEventId', 'evs_last_event_id'] as const

/** Where a request says from which event its stream goes on, and the value: a text, or several. */
export interface ResumePoint {
  readonly name: string
  readonly value: unknown
}

/**
 * The resume point that counts: `after` was written by the page itself, the header comes from the browser, and the
 * other parameters come from a polyfill.
 */
export function resumePointOf(
  query: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, unknown>>,
): ResumePoint | undefined {
  const points = [
    { name: 'after', value: query.after },
    { name: 'Last-Event-ID', value: headers['last-event-id'] },
    ...lastEventIdParameters.map((name) => ({ name, value: query[name] })),
  ]
  return points.find(({ value }) => value !== undefined)
}
