import type { EmbedMode } from '../../src/protocol/embed.ts'
import { element } from '../lines/element.ts'
import type { Headline } from '../sdk/index.ts'
import type { Crawl } from './crawl.ts'
import { drawLine, refreshTime } from './draw-line.ts'
import type { TickerWords } from './words.ts'

/** Everything that a ticker shows at one moment. */
export interface Picture {
  readonly words: TickerWords
  /** The feed's language, in which the lines are written. */
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly mode: EmbedMode
  readonly isDark: boolean
  readonly title: string
  /** False until the first strip: the content that the page has put into the element shows instead, if there is any. */
  readonly isKnown: boolean
  readonly lines: readonly Headline[]
  /** Index of the line that a strip shows. */
  readonly index: number
  readonly notice: string
  /** The reader has pressed the pause button. */
  readonly isPaused: boolean
  readonly moves: boolean
  /** The server's time. */
  readonly now: number
}

export interface TickerView {
  readonly show: (picture: Picture) => void
  readonly say: (text: string) => void
  /** Moves a crawl so that the line can be read. */
  readonly reveal: (index: number) => void
  readonly close: () => void
}

export interface Wishes {
  readonly onStep: (steps: 1 | -1) => void
  readonly onPause: () => void
  readonly onHide: () => void
  /** Called when the pointer enters or leaves the lines, or the keyboard focus does. */
  readonly onAttention: (kind: 'pointer' | 'focus', isThere: boolean) => void
}

type Row = { readonly item: HTMLLIElement; readonly line: Headline; readonly words: TickerWords }

export function tickerView(root: ShadowRoot, wishes: Wishes): TickerView {
  const button = (name: string, act: () => void): HTMLButtonElement => {
    const made = element('button', { type: 'button', class: name, part: `button ${name}` })
    made.addEventListener('click', act)
    return made
  }
  const label = element('div', { class: 'label', part: 'label' }, element('slot', { name: 'label' }))
  const notice = element('div', { class: 'notice', part: 'notice' })
  const list = element('ol', { class: 'lines', part: 'lines' })
  const view = element('div', { class: 'view', part: 'view' }, list)
  const count = element('span', { class: 'count', part: 'count' })
  const previous = button('previous', () => wishes.onStep(-1))
  const pause = button('pause', wishes.onPause)
  const next = button('next', () => wishes.onStep(1))
  const hide = button('hide', wishes.onHide)
  const tools = element('div', { class: 'tools', part: 'tools' }, count, previous, pause, next, hide)
  const announcer = element('div', { class: 'announcer', role: 'status' })
  const ticker = element(
    'div',
    { part: 'ticker', role: 'group', hidden: '' },
    label,
    view,
    notice,
    tools,
    announcer,
  )
  const fallback = element('slot')
  root.replaceChildren(ticker, fallback)

  view.addEventListener('pointerenter', () => wishes.onAttention('pointer', true))
  view.addEventListener('pointerleave', () => wishes.onAttention('pointer', false))
  view.addEventListener('focusin', () => wishes.onAttention('focus', true))
  view.addEventListener('focusout', ({ relatedTarget }) => {
    // The focus may move from line to line without leaving the lines.
    if (!view.contains(relatedTarget as Node | null)) wishes.onAttention('focus', false)
  })
  list.addEventListener('focusin', ({ target }) => {
    // The browser scrolls to the focused line; a crawl is moved to it instead.
    view.scrollLeft = 0
    const item = (target as Element).closest('li')
    if (item) running?.show(item)
  })

  const rows = new Map<string, Row>()
  let running: Crawl | undefined
  let shape = ''
  let picture: Picture | undefined
  let named: TickerWords | undefined

  function show(newPicture: Picture): void {
    picture = newPicture
    const { words, mode, lines, isDark, dir, isKnown } = picture
    const waits = !isKnown && fallback.assignedNodes().some(({ textContent }) => textContent?.trim())
    ticker.hidden = waits
    fallback.hidden = !waits
    if (waits) return
    if (named !== words) name(words)
    ticker.className = `ticker ${mode}${isDark ? ' dark' : ''}`
    ticker.dir = dir
    ticker.lang = announcer.lang = words.lang
    ticker.setAttribute('aria-label', `${words.breaking}: ${picture.title}`)
    list.lang = picture.lang
    draw(lines, picture)
    furnish(lines, picture)
    move(picture)
  }

  function name(words: TickerWords): void {
    named = words
    label.firstElementChild?.replaceChildren(words.breaking)
    previous.title = previous.ariaLabel = words.previous
    next.title = next.ariaLabel = words.next
    hide.title = hide.ariaLabel = words.hide
  }

  /** Changes only the lines that have changed, so that focus, selection and scrolling stay. */
  function draw(lines: readonly Headline[], { mode, index, words, now }: Picture): void {
    const drawn = mode === 'strip' ? lines.slice(index, index + 1) : lines
    const ids = new Set(drawn.map(({ id }) => id))
    for (const [id, { item }] of rows)
      if (!ids.has(id)) {
        item.remove()
        rows.delete(id)
      }
    let place: ChildNode | null = list.firstChild
    for (const line of drawn) {
      const row = rows.get(line.id)
      const item = row?.item ?? element('li', { class: 'line', part: 'line' })
      if (item === place) place = place.nextSibling
      else list.insertBefore(item, place)
      if (row?.line === line && row.words === words) refreshTime(item, words, now)
      else drawLine(item, line, words, now)
      rows.set(line.id, { item, line, words })
    }
  }

  function furnish(
    lines: readonly Headline[],
    { mode, words, notice: said, isPaused, index }: Picture,
  ): void {
    notice.hidden = !said
    notice.textContent = said
    // Useless buttons keep their room, so that the parts beside them do not move.
    for (const [made, atLeast] of [
      [pause, 1],
      [previous, 2],
      [next, 2],
      [count, 2],
    ] as const)
      made.classList.toggle('idle', lines.length < atLeast)
    previous.hidden = next.hidden = mode === 'list'
    count.hidden = mode !== 'strip'
    count.textContent = `${index + 1}/${lines.length}`
    pause.title = pause.ariaLabel = isPaused ? words.play : words.pause
    pause.ariaPressed = String(isPaused)
    // Lines that do not fit can be scrolled to, with the keyboard too.
    view.tabIndex = mode !== 'crawl' && view.scrollHeight > view.clientHeight ? 0 : -1
  }

  function move({ mode, dir }: Picture): void {
    const wanted = mode === 'crawl' ? dir : ''
    if (shape !== wanted) {
      stop()
      shape = wanted
      // Loaded only when needed, since most tickers do not crawl.
      if (wanted)
        void import('./crawl.ts').then(
          ({ crawl }) => shape === wanted && run(crawl(list, view, dir === 'rtl')),
        )
    }
    run(running)
  }

  function run(crawl: Crawl | undefined): void {
    running = crawl
    crawl?.update(rows.values().next().value?.item)
    crawl?.run(picture?.moves ?? false)
  }

  function stop(): void {
    running?.stop()
    running = undefined
    shape = ''
  }

  return {
    show,
    say(text) {
      announcer.textContent = text
    },
    reveal(index) {
      const item = list.children[index]
      if (running && item) running.show(item as HTMLElement)
    },
    close: stop,
  }
}
