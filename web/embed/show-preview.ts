import { chosen, frameAddress, frameHeights } from '../../src/protocol/embed.ts'
import { element } from '../lines/element.ts'
import type { BuilderWords } from './builder-words.ts'
import type { Way } from './choice.ts'
import { fragmentAddress, type Embed } from './snippets.ts'

/** Shows the embed as the site's readers will see it. An unchanged preview stays. */
export function showPreview(box: HTMLElement, way: Way, embed: Embed, words: BuilderWords): void {
  const preview = previewOf(way, embed, words)
  if (preview.isEqualNode(shown)) return
  // The element changes itself and its children, so an unchanged copy is kept for comparison.
  shown = preview.cloneNode(true)
  box.replaceChildren(preview)
}

let shown: Node | null = null

function previewOf(way: Way, embed: Embed, words: BuilderWords): HTMLElement {
  const { origin, feed, settings } = embed
  switch (way) {
    case 'element':
    case 'wordpress':
      return element(
        'flashline-ticker' as 'div',
        { src: origin, feed: feed.id, ...Object.fromEntries(chosen(settings)) },
        element('p', { class: 'notice' }, words.waits),
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
        element('a', { href: fragmentAddress(embed), target: '_blank', rel: 'noopener' }, words.openPiece),
      )
    default:
      return way satisfies never
  }
}
