/**
 * The bytes of a measured event, the same for every contender: an event frame of Flashline, whose text ends with the
 * time of sending. The members after the text have a fixed length, so a reader finds the time from the end of the
 * frame.
 */
const padding = 'Parliament votes '
const digits = 15

export const urgency = 'bulletin'
const tail = `","urgency":"${urgency}","regions":[],"tags":[]}}`
/** Distance from the end of the frame to the first digit of the time. */
export const momentFromEnd = tail.length + digits
export { digits as momentDigits }

/**
 * @param {number} sentAtMs by monotonicMs
 * @param {number} [extraBytes] bytes added to the text
 */
export function eventText(sentAtMs, extraBytes = 0) {
  return padding + 'x'.repeat(extraBytes) + String(Math.round(sentAtMs * 1000)).padStart(digits, '0')
}

/** Additional bytes after the time in an event with a section of two letters and one region. */
export const facetBytes = ',"section":"s0"'.length + '"r0"'.length

/** Offset of seq in an event frame: after `{"type":"event","position":"` and `epoch:`. */
export const seqAt = 37
/** Offset of the byte that distinguishes an event from hello, head, reset and bye. */
export const typeAt = 9

export const markDigits = 14
/** Bytes that a mark adds to the end of an event frame. */
export const markBytes = ',"mark":""'.length + markDigits

/** Bytes of the expiry, which the API adds after the text. */
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
