import type { EmbedMode } from '../../src/protocol/embed.ts'
import { element } from '../lines/element.ts'
import { numberText } from '../lines/time-text.ts'
import type { Headline } from '../sdk/index.ts'
import type { Crawl } from './crawl.ts'
import { drawLine, refreshTime } from './draw-line.ts'
import type { drawNotice } from './draw-notice.ts'
import type { KeepFocus } from './keep-focus.ts'
import { isNotice } from './notice.ts'
import { partElement } from './part-element.ts'
import type { TickerWords } from './ticker-words.ts'
import type { TurnParts } from './turn-parts.ts'

/** Everything that a ticker shows at one moment. */
export interface Picture {
  readonly words: TickerWords
  /** The feed's language and direction, in which the lines are written; undefined while they are not known. */
  readonly lang: string | undefined
  readonly linesDir: 'ltr' | 'rtl' | undefined
  /** The direction of the ticker. */
  readonly dir: 'ltr' | 'rtl'
  readonly mode: EmbedMode
  readonly isDark: boolean
  readonly title: string
  /** The words around the lines are there: nothing shows in another language meanwhile. */
  readonly isWorded: boolean
  /** Nothing until the first strip: the content that the page has put into the element shows instead, if there is any. */
  readonly isKnown: unknown
  readonly lines: readonly Headline[]
  /** There as soon as a line may be a notice. */
  readonly drawNotice: typeof drawNotice | undefined
  /** Index of the line that a strip shows. */
  readonly index: number
  /** Ids of the new lines that have not shown for their time. */
  readonly unseen: ReadonlyMap<string, unknown>
  /** How much of the time of a strip's line is over, from 0 to 1. */
  readonly share: number
  /** The word in the label; undefined: the usual one, empty: none. */
  readonly label: string | undefined
  readonly notice: string
  /** The reader has pressed the pause button. */
  readonly isPaused: boolean
  readonly moves: boolean
  /** The server's time. */
  readonly now: number
}

export interface TickerView {
  readonly show: (picture: Picture) => void
  readonly say: (...said: (Node | string)[]) => void
  /** Moves a crawl so that the line can be read. */
  readonly reveal: (index: number) => void
  /** Whether the keyboard is in the lines, or else the pointer. */
  readonly attention: () => 'focus' | 'pointer' | ''
  /** Whether a part of the line is in view of a crawl. */
  readonly sees: (id: string) => boolean
  /** The number of parts in which a strip's line is read. */
  readonly parts: number
  readonly close: () => void
}

export interface Wishes {
  readonly onStep: (steps: 1 | -1) => void
  readonly onPause: () => void
  readonly onHide: () => void
  /**
   * Called when the pointer moves in the lines, and for each key and focus there; with `false` when the line that had the
   * pointer or the focus has gone.
   */
  readonly onAttention: (isThere: boolean) => void
}

type Row = { readonly item: HTMLLIElement; readonly line: Headline; readonly words: TickerWords }

/** The same text again would be a change for the browser. */
function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

export function tickerView(root: ShadowRoot, wishes: Wishes): TickerView {
  const button = (name: string, act: () => void): HTMLButtonElement => {
    const made = element('button', { type: 'button', class: name, part: `button ${name}` })
    made.addEventListener('click', act)
    return made
  }
  const usual = element('slot', { name: 'label' })
  const said = element('span', { class: 'state' })
  const label = partElement('div', 'label', {}, usual, said)
  const more = partElement('span', 'more', { 'aria-hidden': 'true', hidden: '' })
  const notice = partElement('div', 'notice', {})
  const list = partElement('ol', 'lines', {})
  const view = partElement('div', 'view', {}, list)
  const count = partElement('span', 'count', {})
  const previous = button('previous', () => wishes.onStep(-1))
  const pause = button('pause', wishes.onPause)
  const next = button('next', () => wishes.onStep(1))
  const hide = button('hide', wishes.onHide)
  const tools = partElement('div', 'tools', {}, count, previous, pause, next, hide)
  const announcer = element('div', { class: 'announcer', role: 'status' })
  const ticker = element(
    'div',
    { part: 'ticker', role: 'group', hidden: '' },
    label,
    view,
    more,
    notice,
    tools,
    announcer,
  )
  const fallback = element('slot')
  root.replaceChildren(ticker, fallback)

  let isDrawing = false
  let pointer = ''
  const attend = (): void => {
    // Lines that are moved while they are drawn lose the focus and get it back.
    if (!isDrawing) wishes.onAttention(true)
  }
  view.addEventListener('pointermove', ({ screenX, screenY }) => {
    // The browser may repeat the event for a pointer that rests, when the lines move below it.
    const place = `${screenX} ${screenY}`
    if (place !== pointer) attend()
    pointer = place
  })
  view.addEventListener('keydown', attend)
  view.addEventListener('focusin', attend)
  list.addEventListener('focusin', ({ target }) => {
    void import('./keep-focus.ts').then(
      (part) => (keepFocus ??= part.keepFocus(root, list, view)),
      () => undefined,
    )
    if (!isDrawing) running?.show((target as Element).closest('li'))
  })

  const rows = new Map<string, Row>()
  let running: Crawl | undefined
  let loadingCrawl: Promise<unknown> | undefined
  let setting = ''
  let picture: Picture | undefined
  let named: TickerWords | undefined
  let keepFocus: KeepFocus | undefined
  let loading: Promise<unknown> | undefined
  let turnParts: TurnParts | undefined
  let partCount = 1
  let isLong = false
  // An observer reads sizes after the layout, so that no event forces a layout of the page.
  const sizes = new ResizeObserver(() => {
    if (isLong === view.scrollHeight > view.clientHeight) return
    isLong = !isLong
    if (picture) furnish(picture.lines, picture)
  })
  for (const each of [view, list]) sizes.observe(each)

  function show(newPicture: Picture): void {
    picture = newPicture
    const { words, mode, lines, isDark, dir, isKnown, isWorded, title } = picture
    const waits = !isKnown && fallback.assignedNodes().some(({ textContent }) => textContent?.trim())
    ticker.hidden = waits
    fallback.hidden = !waits
    if (waits) return
    if (named !== words) name(words)
    // A value that is set again would be a change for the browser.
    const newSetting = [
      `ticker ${mode}${isDark ? ' dark' : ''}`,
      dir,
      isWorded ? words.lang : '',
      isWorded ? `${words.breaking}: ${title}` : title,
    ]
    if (String(newSetting) !== setting) {
      ;[ticker.className = '', ticker.dir = '', ticker.lang = '', ticker.ariaLabel = ''] = newSetting
      if (announcer.lang !== ticker.lang) {
        announcer.lang = ticker.lang
        // Firefox keeps telling screen readers the language that a part had when it came into the page.
        root.prepend(ticker)
      }
      tools.classList.toggle('idle', !isWorded)
      setting = String(newSetting)
    }
    // Lines that show before their words, their typeface or their belt would move.
    draw(isKnown && (mode !== 'crawl' || running) ? lines : [], picture)
    furnish(lines, picture)
    move(picture)
  }

  function name(words: TickerWords): void {
    named = words
    usual.replaceChildren(words.breaking)
    previous.title = words.previous
    next.title = words.next
    hide.title = hide.ariaLabel = words.hide
  }

  /** Changes only the lines that have changed, so that focus, selection and scrolling stay. */
  function draw(lines: readonly Headline[], picture: Picture): void {
    const restore = keepFocus?.(lines)
    isDrawing = true
    const { mode, index, words, now, unseen } = picture
    const drawn = mode === 'strip' ? lines.slice(index, index + 1) : lines
    const ids = new Set(drawn.map(({ id }) => id))
    for (const [id, { item, line }] of rows) {
      const isGone = !isNotice(line) && !lines.some((each) => each.id === id && !isNotice(each))
      if (isGone && (item.matches(':hover') || item.contains(root.activeElement))) wishes.onAttention(false)
      if (ids.has(id)) continue
      item.remove()
      rows.delete(id)
    }
    let place: ChildNode | null = list.firstChild
    for (const line of drawn) {
      const row = rows.get(line.id)
      const item = row?.item ?? partElement('li', 'line', {})
      if (item === place) place = place.nextSibling
      else list.insertBefore(item, place)
      if (row?.line !== line || row.words !== words) {
        if (isNotice(line)) picture.drawNotice?.(item, line, picture)
        else drawLine(item, line, picture)
      }
      // In view of a crawl a longer time would move the lines behind it.
      else if (!running?.sees(item)) refreshTime(item, words, now)
      item.toggleAttribute('data-new', unseen.has(line.id))
      rows.set(line.id, { item, line, words })
    }
    restore?.()
    isDrawing = false
  }

  function furnish(
    lines: readonly Headline[],
    { mode, words, notice: text, label: word, isPaused, index, share }: Picture,
  ): void {
    notice.hidden = !text
    write(notice, text)
    // The usual word keeps its room, so that no other word moves the lines.
    label.classList.toggle('idle', word === '')
    usual.classList.toggle('idle', word !== undefined)
    write(said, word ?? '')
    // Useless buttons keep their room, so that the parts beside them do not move.
    pause.classList.toggle('idle', lines.length < 1)
    for (const made of [previous, next, count]) made.classList.toggle('idle', lines.length < 2)
    previous.hidden = next.hidden = mode === 'list'
    count.hidden = mode !== 'strip'
    write(count, [index + 1, lines.length].map((n) => numberText(n, words.locale)).join('/'))
    pause.title = isPaused ? words.play : words.pause
    pause.ariaPressed = String(isPaused)
    // Lines that do not fit can be scrolled to, with the keyboard too.
    view.tabIndex = isLong && mode !== 'crawl' ? 0 : -1
    const isTurned = isLong && mode === 'strip'
    if (isTurned)
      loading ??= import('./turn-parts.ts').then(
        (part) => (turnParts = part.turnParts(view, list, more)),
        () => (loading = undefined),
      )
    partCount = turnParts?.(isTurned, share) ?? 1
  }

  function move({ mode, dir, moves }: Picture): void {
    const crawls = mode === 'crawl'
    // Loaded only when needed, since most tickers do not crawl.
    if (crawls)
      loadingCrawl ??= import('./crawl.ts').then(
        (part) => {
          running = part.crawl(root, list, view)
          if (picture) show(picture)
        },
        () => (loadingCrawl = undefined),
      )
    running?.update(crawls ? dir : undefined, moves)
  }

  return {
    show,
    say(...said) {
      announcer.replaceChildren(...said)
    },
    reveal(index) {
      running?.show(list.children[index])
    },
    attention() {
      if (root.querySelector('.view:focus-visible, .view :focus-visible')) return 'focus'
      return view.matches(':hover') ? 'pointer' : ''
    },
    sees(id) {
      const row = rows.get(id)
      return !!row && !!running?.sees(row.item)
    },
    get parts() {
      return partCount
    },
    close() {
      sizes.disconnect()
      running?.update(undefined, false)
      picture = undefined
    },
  }
}
