import type { Way } from './choice.ts'
import { elementSnippet, fragmentAddress, frameSnippet, shortcodeSnippet, type Embed } from './snippets.ts'

export interface Snippet {
  readonly title: string
  readonly text: string
}

/** The explanation and the snippets of each way to embed. */
export function snippetsFor(way: Way, embed: Embed): { explanation: string; snippets: Snippet[] } {
  switch (way) {
    case 'element':
      return {
        explanation:
          'The lines become a part of your page and can take its fonts. The operator must allow your site first.',
        snippets: [{ title: 'Script and element', text: elementSnippet(embed) }],
      }
    case 'frame':
      return {
        explanation:
          'A separate page inside yours, with its own scripts and styles. It shows lines without JavaScript, too.',
        snippets: [{ title: 'Frame', text: frameSnippet(embed) }],
      }
    case 'wordpress':
      return {
        explanation:
          'The shortcode needs the small plugin; the block “Custom HTML” takes the frame as it is.',
        snippets: [
          { title: 'Shortcode', text: shortcodeSnippet(embed) },
          { title: 'Custom HTML', text: frameSnippet(embed) },
        ],
      }
    case 'include':
      return {
        explanation:
          'A piece of HTML that your server puts into its pages, without script or style. It is current when the page is made and does not stay live.',
        snippets: [
          { title: 'Address', text: fragmentAddress(embed) },
          { title: 'Try it', text: `curl '${fragmentAddress(embed)}'` },
        ],
      }
    default:
      return way satisfies never
  }
}
