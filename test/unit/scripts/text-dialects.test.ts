import { describe, expect, it } from '@jest/globals'
import { rowOf, textDialects } from '../../../scripts/support/text-dialects.mjs'

describe('a line for other programs', () => {
  it.each([
    ['plain', 'Up 5% & <more> for $5 \\o/', 'Up 5% & <more> for $5 \\o/'],
    // drawtext draws nothing for a % without a function, and takes a backslash away.
    ['ffmpeg', 'Up 5% \\o/ %{pts}', 'Up 5\\% \\\\o/ \\%{pts}'],
    // textoverlay draws nothing for markup that is not whole.
    ['gstreamer', 'A&B <now> &amp;', 'A&amp;B &lt;now&gt; &amp;amp;'],
  ])('%s: %s', (dialect, text, escaped) => {
    expect(textDialects[dialect]?.(text)).toBe(escaped)
  })

  it('stands apart from lines of the other direction', () => {
    const lines = [{ text: 'Talks go on' }, { speaker: 'الوزير', text: 'تستمر المحادثات' }]
    expect(rowOf(lines, ' • ')).toBe('\u2068Talks go on\u2069 • \u2068الوزير: تستمر المحادثات\u2069')
  })
})
