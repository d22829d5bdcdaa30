import type { BuilderWords } from './builder-words.ts'
import type { Way } from './choice.ts'
import { elementSnippet, fragmentAddress, frameSnippet, shortcodeSnippet, type Embed } from './snippets.ts'

export interface Snippet {
  readonly title: string
  readonly text: string
}

/** The explanation and the snippets of each way to embed. */
export function snippetsFor(
  way: Way,
  embed: Embed,
  words: BuilderWords,
): { explanation: string; snippets: Snippet[] } {
  switch (way) {
    case 'element':
      return {
        explanation: words.elementIs,
        snippets: [{ title: words.scriptAndElement, text: elementSnippet(embed) }],
      }
    case 'frame':
      return {
        explanation: words.frameIs,
        snippets: [{ title: words.frame, text: frameSnippet(embed) }],
      }
    case 'wordpress':
      return {
        explanation: words.wordpressIs,
        snippets: [
          { title: words.shortcode, text: shortcodeSnippet(embed) },
          { title: 'Custom HTML', text: frameSnippet(embed) },
        ],
      }
    case 'include':
      return {
        explanation: words.includeIs,
        snippets: [
          { title: words.address, text: fragmentAddress(embed) },
          { title: words.tryIt, text: `curl '${fragmentAddress(embed)}'` },
        ],
      }
    default:
      return way satisfies never
  }
}
