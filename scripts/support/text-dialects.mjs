/**
 * A line as a text file of other programs. Each of them takes some characters for commands, and draws nothing at all, without
 * an error, where one is out of place.
 */

/** @type {Readonly<Record<string, (text: string) => string>>} */
export const textDialects = {
  /** The line as it is: mixers, `drawtext` of ffmpeg with `expansion=none`. */
  plain: (text) => text,
  /** ffmpeg: `drawtext=textfile=…:reload=1`, whose texts have functions (`%{…}`) and escapes. */
  ffmpeg: (text) => text.replace(/[\\%]/g, '\\$&'),
  /** GStreamer: `textoverlay`, whose texts are Pango markup. */
  gstreamer: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
}

/**
 * The lines in one row, each part apart from the direction of the others (Unicode, UAX 9: isolates).
 *
 * @param {readonly { text: string, speaker?: string | undefined }[]} lines
 * @param {string} separator
 */
export function rowOf(lines, separator) {
  const parts = lines.map(
    ({ text, speaker }) => `\u2068${speaker === undefined ? text : `${speaker}: ${text}`}\u2069`,
  )
  return parts.join(separator)
}
