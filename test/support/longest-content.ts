import { contentSchema, type Content } from '../../src/protocol/headline.ts'

/** Content whose JSON takes as many bytes as the rules allow. */
export function longestContent(): Content {
  // A letter of four bytes with three marks of four bytes: the most bytes of a grapheme, and of a code point.
  const text = (graphemes: number) => '\u{1E922}\u{1E944}\u{1E945}\u{1E946}'.repeat(graphemes)
  const slugs = Array.from({ length: 10 }, (_, n) => `${n}${'a'.repeat(39)}`)
  const short = '\u{1E922}' + '\u{1E944}'.repeat(13)
  return contentSchema.parse({
    text: text(280),
    speaker: short.repeat(80),
    urgency: 'bulletin',
    section: slugs[0],
    regions: slugs,
    tags: slugs,
    link: `https://news.example/${'a'.repeat(2_048 - 'https://news.example/'.length)}`,
    source: short.repeat(80),
    story: slugs[0],
    expiresAt: '2999-01-02T03:04:05.678Z',
    note: text(280),
  })
}
