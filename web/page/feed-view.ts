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

/** One feed's card: its title, how the connection stands, and its lines in the feed's language and direction. */
export function feedView(feed: FeedTitle, wallClock: () => number): FeedView {
  const words = wordsFor(feed.lang)
  const ours = { lang: words.lang, dir: words.dir }
  const title = element('h2', { id: `feed-${feed.id}` }, element('bdi', {}, feed.title))
  const status = element('p', { class: 'status', ...ours })
  const notice = element('p', { class: 'notice', hidden: '', ...ours })
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
    const said = noticeFor(now)
    notice.hidden = said === undefined
    notice.textContent = said ?? ''
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
    // The first strip is not news that has just come in.
    const soft = shownLines !== undefined
    const ids = new Set(lines.map(({ id }) => id))
    for (const [id, { item }] of items) {
      if (ids.has(id)) continue
      item.remove()
      items.delete(id)
    }
    let before: ChildNode | null = list.firstChild
    for (const line of lines) {
      const item = itemFor(line, soft)
      // Only what is out of place moves: moving an element would start its highlight again.
      if (item === before) before = before.nextSibling
      else list.insertBefore(item, before)
    }
  }

  function itemFor(line: Headline, soft: boolean): HTMLLIElement {
    const held = items.get(line.id)
    const unchanged = held?.line.version === line.version && held.line.pinned === line.pinned
    if (held && unchanged) return held.item
    const item = held?.item ?? element('li')
    drawLine(item, line, words, wallClock())
    if (soft) highlight(item)
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
