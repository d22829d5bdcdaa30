import { expect, it } from '@jest/globals'
import { escapeHtml } from '../../../src/protocol/escape-html.ts'

it('text for HTML ends no tag, no attribute and no reference', () => {
  expect(escapeHtml(`a & b <i> "c" 'd' &amp;`)).toBe(
    'a &amp; b &lt;i&gt; &quot;c&quot; &#39;d&#39; &amp;amp;',
  )
  expect(escapeHtml('عاجل: 東京')).toBe('عاجل: 東京')
})
