/**
 * The bytes of a measured event. Every contender sends the same ones: an event frame of Flashline, whose text ends
 * with the moment it was sent. What follows the text has a fixed length, so a reader finds the moment from the end.
 */
const padding = 'Parliament votes '
const digits = 15

export const urgency = 'bulletin'
const tail = `","urgency":"${urgency}","regions":[],"tags":[]}}`
/** Distance from the end of the frame to the first digit. */
export const momentFromEnd = tail.length + digits
export { digits as momentDigits }

/**
 * @param {number} sentAtMs by monotonicMs
 * @param {number} [extraBytes] longer text
 */
export function eventText(sentAtMs, extraBytes = 0) {
  return padding + 'x'.repeat(extraBytes) + String(Math.round(sentAtMs * 1000)).padStart(digits, '0')
}

/** What an event of a section has more behind its moment: a section of two letters and one region. */
export const facetBytes = ',"section":"s0"'.length + '"r0"'.length

/** Where seq begins in an event frame: after `{"type":"event","position":"` and `epoch:`. */
export const seqAt = 37
/** This byte tells an event from hello, head, reset and bye. */
export const typeAt = 9

/** What the API adds behind it: the expiry. */
export const expiryBytes = ',"expiresAt":"2026-01-01T00:00:00.000Z"'.length

const day = '2026-01-01T00:00:00.000Z'

/**
 * @param {number} seq
 * @param {number} sentAtMs
 * @param {number} [extraBytes]
 */
export function eventFrame(seq, sentAtMs, extraBytes) {
  return (
    `{"type":"event","position":"benchaaa:${seq}","op":"correct","at":"${day}",` +
    `"headline":{"id":"benchaaaaaaaaaaaaaaaaa","version":${seq},"status":"live","place":1,` +
    `"publishedAt":"${day}","updatedAt":"${day}","text":"${eventText(sentAtMs, extraBytes)}${tail}`
  )
}
