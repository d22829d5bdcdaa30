import { chosen, frameAddress, frameHeights } from '../../src/protocol/embed.ts'
import { element } from '../lines/element.ts'
import type { Way } from './choice.ts'
import { fragmentAddress, type Embed } from './snippets.ts'

/** Shows the embed as the site's readers will see it. What is the same already is left as it is. */
export function showPreview(box: HTMLElement, way: Way, embed: Embed): void {
  const made = previewOf(way, embed)
  if (made.isEqualNode(shown)) return
  // The element changes its children and itself, so it is compared as it was made.
  shown = made.cloneNode(true)
  box.replaceChildren(made)
}

let shown: Node | null = null

function previewOf(way: Way, embed: Embed): HTMLElement {
  const { origin, feed, settings } = embed
  switch (way) {
    case 'element':
    case 'wordpress':
      return element(
        'flashline-ticker' as 'div',
        { src: origin, feed: feed.id, ...Object.fromEntries(chosen(settings)) },
        element('p', { class: 'notice' }, 'The lines show here when the script is there.'),
      )
    case 'frame':
      return element('iframe', {
        src: frameAddress(origin, feed.id, settings),
        title: feed.title,
        height: String(frameHeights[settings.mode ?? 'list']),
      })
    case 'include':
      return element(
        'p',
        { class: 'notice' },
        element(
          'a',
          { href: fragmentAddress(embed), target: '_blank', rel: 'noopener' },
          'Open the piece of HTML',
        ),
        ' as it is now. It has your page’s style, or none.',
      )
    default:
      return way satisfies never
  }
}
