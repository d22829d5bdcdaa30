import type { FeedTitle } from '../../src/protocol/feed.ts'
import type { Headline, Status } from '../sdk/index.ts'
import { element } from '../lines/element.ts'
import { drawLine, refreshTimes } from './line-view.ts'
import { wordsFor } from './words-for.ts'

export interface FeedView {
  readonly card: HTMLElement
  readonly show: (lines: Lines | undefined, status: Status) => void
  readonly refreshTimes: () => void
}

type Lines = readonly Headline[]

/** One feed's card: its title, the state of the connection, and its lines in the feed's language and direction. */
export function feedView(feed: FeedTitle, wallClock: () => number): FeedView {
  const words = wordsFor(feed.lang)
  const pageLanguage = { lang: words.lang, dir: words.dir }
  const title = element('h2', { id: `feed-${feed.id}` }, element('bdi', {}, feed.title))
  const status = element('p', { class: 'status', ...pageLanguage })
  const notice = element('p', { class: 'notice', hidden: '', ...pageLanguage })
  const list = element('ol', { class: 'lines' })
  const scroller = element(
    'div',
    { class: 'scroller', tabindex: '0', role: 'group', 'aria-labelledby': title.id },
    list,
  )
  const card = element(
    'section',
    { class: 'feed', lang: feed.lang, dir: feed.dir, 'aria-labelledby': title.id, 'data-feed': feed.id },
    element('header', { class: 'feed-head' }, title, status),
    notice,
    scroller,
  )

  const items = new Map<string, { readonly item: HTMLLIElement; line: Headline }>()
  let shownLines: Lines | undefined

  function show(lines: Lines | undefined, now: Status): void {
    if (lines && lines !== shownLines) showLines(lines)
    shownLines = lines
    card.dataset.status = now.state
    card.toggleAttribute('data-frozen', now.frozen ?? false)
    status.textContent = words.status[now.state]
    const text = noticeFor(now)
    notice.hidden = text === undefined
    notice.textContent = text ?? ''
    scroller.hidden = items.size === 0
  }

  function noticeFor({ state, frozen }: Status): string | undefined {
    if (state === 'stale') return words.stale
    if (state !== 'live' && (state !== 'connecting' || items.size > 0)) return words.lost
    if (shownLines === undefined) return words.loading
    if (frozen) return words.frozen
    return items.size === 0 ? words.empty : undefined
  }

  function showLines(lines: Lines): void {
    // Lines of the first strip are not highlighted as new.
    const isUpdate = shownLines !== undefined
    const ids = new Set(lines.map(({ id }) => id))
    for (const [id, { item }] of items) {
      if (ids.has(id)) continue
      item.remove()
      items.delete(id)
    }
    let before: ChildNode | null = list.firstChild
    for (const line of lines) {
      const item = itemFor(line, isUpdate)
      // Only misplaced items are moved, since moving an element restarts its highlight animation.
      if (item === before) before = before.nextSibling
      else list.insertBefore(item, before)
    }
  }

  function itemFor(line: Headline, isUpdate: boolean): HTMLLIElement {
    const known = items.get(line.id)
    const unchanged = known?.line.version === line.version && known.line.pinned === line.pinned
    if (known && unchanged) return known.item
    const item = known?.item ?? element('li')
    drawLine(item, line, words, wallClock())
    if (isUpdate) highlight(item)
    items.set(line.id, { item, line })
    return item
  }

  return {
    card,
    show,
    refreshTimes() {
      for (const { item } of items.values()) refreshTimes(item, words, wallClock())
    },
  }
}

function highlight(item: HTMLLIElement): void {
  item.classList.add('fresh')
  item.addEventListener('animationend', () => item.classList.remove('fresh'), { once: true })
}
