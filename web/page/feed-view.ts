import type { FeedTitle } from '../../src/protocol/feed.ts'
import { shownUrgency } from '../../src/protocol/shown-urgency.ts'
import type { Headline, Status } from '../sdk/index.ts'
import { element } from '../lines/element.ts'
import { drawLine, refreshTimes } from './line-view.ts'
import type { PageWords } from './words-for.ts'

export interface FeedView {
  readonly card: HTMLElement
  readonly show: (lines: Lines | undefined, status: Status) => void
  readonly refreshTimes: () => void
  /** Takes the labels from the lines that are called breaking no longer. */
  readonly endLabels: () => void
}

type Lines = readonly Headline[]

/** One feed's card: its title, the state of the connection, and its lines in the feed's language and direction. */
export function feedView(feed: FeedTitle, words: PageWords, serverClock: () => number): FeedView {
  const card = document.getElementById(`feed-${feed.id}`) ?? newCard(feed, words)
  const { status, notice, scroller, list } = partsOf(card)
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
    scroller.hidden = list.childElementCount === 0
  }

  function noticeFor({ state, frozen }: Status): string | undefined {
    if (state === 'stale') return words.stale
    if (state !== 'live' && (state !== 'connecting' || items.size > 0)) return words.lost
    // Until the first strip comes, the lines of the server's page stay.
    if (shownLines === undefined) return list.childElementCount > 0 ? undefined : words.loading
    if (frozen) return words.frozen
    return items.size === 0 ? words.empty : undefined
  }

  function showLines(lines: Lines): void {
    // Lines of the first strip are not highlighted as new.
    const isUpdate = shownLines !== undefined
    if (!isUpdate) list.replaceChildren()
    const keepFocus = focusKeeper(list, scroller)
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
    keepFocus()
  }

  function itemFor(line: Headline, isUpdate: boolean): HTMLLIElement {
    const known = items.get(line.id)
    const unchanged = known?.line.version === line.version && known.line.pinned === line.pinned
    if (known && unchanged) return known.item
    const item = known?.item ?? element('li')
    drawLine(item, line, words, feed, serverClock())
    if (isUpdate) highlight(item)
    items.set(line.id, { item, line })
    return item
  }

  return {
    card,
    show,
    refreshTimes() {
      for (const { item } of items.values()) refreshTimes(item, words, serverClock())
    },
    endLabels() {
      const now = serverClock()
      for (const { item, line } of items.values())
        if (item.dataset.urgency !== shownUrgency(line, now)) drawLine(item, line, words, feed, now)
    },
  }
}

/**
 * Call the function after the lines have changed: the focus stays with a line that has moved, and goes to the next line,
 * or else to the list, from a line that has gone.
 */
function focusKeeper(list: HTMLElement, scroller: HTMLElement): () => void {
  const focused = document.activeElement
  const item = focused instanceof HTMLElement && list.contains(focused) ? focused.closest('li') : null
  if (!item || !(focused instanceof HTMLElement)) return () => undefined
  const place = [...list.children].indexOf(item)
  return () => {
    if (document.activeElement === focused) return
    const inPlace = list.children[Math.min(place, list.childElementCount - 1)]
    const stays = item.isConnected ? item : inPlace
    const target = stays?.querySelector('a') ?? scroller
    target.focus({ preventScroll: item.isConnected })
  }
}

/** A card with the elements that the server's page has for each feed. */
function newCard({ id, title, lang, dir }: FeedTitle, words: PageWords): HTMLElement {
  const pageLanguage = { lang: words.lang, dir: words.dir }
  const heading = `title-${id}`
  return element(
    'section',
    { id: `feed-${id}`, class: 'feed', lang, dir, 'aria-labelledby': heading, 'data-feed': id },
    element(
      'header',
      { class: 'feed-head' },
      element('h2', { id: heading }, element('bdi', {}, title)),
      element('p', { class: 'status', ...pageLanguage }),
    ),
    element('p', { class: 'notice', hidden: '', ...pageLanguage }),
    element(
      'div',
      { class: 'scroller', tabindex: '0', role: 'group', 'aria-labelledby': heading },
      element('ol', { class: 'flashline-lines', role: 'list' }),
    ),
  )
}

function partsOf(card: HTMLElement) {
  const part = (name: string): HTMLElement => {
    const found = card.querySelector<HTMLElement>(`.${name}`)
    if (!found) throw new Error(`A card has no .${name}`)
    return found
  }
  return {
    status: part('status'),
    notice: part('notice'),
    scroller: part('scroller'),
    list: part('flashline-lines'),
  }
}

function highlight(item: HTMLLIElement): void {
  item.classList.add('fresh')
  item.addEventListener('animationend', () => item.classList.remove('fresh'), { once: true })
}
