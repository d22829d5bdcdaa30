const PIXELS_PER_SECOND = 60
/** After so much the belt starts again: far from the view, browsers round places. */
const LAP_PIXELS = 200_000

/** The minified `crawl.css`; the build puts it here. */
declare const CRAWL_CSS: string

const style = new CSSStyleSheet()
style.replaceSync(CRAWL_CSS)

/** Lines that move through the view, from the end of the reading direction to its beginning. */
export interface Crawl {
  /**
   * Takes the lines in display order. A new line enters behind those in view, which stay where they are.
   *
   * @param dir undefined: the ticker has another mode now
   */
  readonly update: (dir: 'ltr' | 'rtl' | undefined, moves: boolean) => void
  /** Moves a line to the side where reading begins. */
  readonly show: (item: Element | null | undefined) => void
  /** Whether a part of the line is in view. */
  readonly sees: (item: HTMLElement) => boolean
}

/** The crawl of one ticker, which runs while its mode is that. */
export function crawl(root: ShadowRoot, list: HTMLElement, view: HTMLElement): Crawl {
  if (!root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets.push(style)
  let belt: Belt | undefined
  let beltDir: 'ltr' | 'rtl' | undefined
  return {
    update(dir, moves) {
      if (dir !== beltDir) {
        belt?.stop()
        belt = dir && moveOn(list, view, dir === 'rtl')
        beltDir = dir
      }
      belt?.update([...list.children] as HTMLElement[], moves)
    },
    show: (item) => belt?.show(item),
    sees: (item) => belt?.sees(item) ?? false,
  }
}

type Belt = ReturnType<typeof moveOn>

/**
 * The lines have fixed places on a belt, and the belt moves. A line that has passed goes to the end of the belt. Sizes
 * come from an observer, so that nothing has to be measured while the belt moves.
 */
function moveOn(belt: HTMLElement, view: HTMLElement, isRtl: boolean) {
  const sizes = new Map<Element, number>()
  const places = new Map<HTMLElement, number>()
  /** In the order in which the lines enter. */
  let order: readonly HTMLElement[] = []
  const at = (pixels: number): Keyframe => ({ transform: `translateX(${isRtl ? -pixels : pixels}px)` })
  const animation = belt.animate([at(LAP_PIXELS), at(-LAP_PIXELS)], {
    duration: (2 * LAP_PIXELS * 1_000) / PIXELS_PER_SECOND,
    fill: 'both',
  })
  const observer = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) sizes.set(target, borderBoxSize[0]?.inlineSize ?? 0)
    layOut()
  })
  observer.observe(view)

  const sizeOf = (item: Element): number => sizes.get(item) ?? 0
  const placeOf = (item: HTMLElement): number => places.get(item) ?? Infinity
  /** The place on the belt where the view begins, and where it ends. */
  const viewNow = (): [number, number] => {
    const start = (Number(animation.currentTime) * PIXELS_PER_SECOND) / 1_000 - LAP_PIXELS
    return [start, start + sizeOf(view)]
  }

  function put(item: HTMLElement, place: number): void {
    if (places.get(item) === place) return
    places.set(item, place)
    item.style.insetInlineStart = `${place}px`
  }

  /** Keeps what is in view and puts the other lines behind it. */
  function layOut(): void {
    // Until the first sizes come, no line has a place.
    if (!sizes.has(view)) return
    const [start, end] = viewNow()
    const coming = order.filter((item) => placeOf(item) >= end)
    const passed = order.filter((item) => placeOf(item) + sizeOf(item) <= start)
    const staying = order.filter((item) => !coming.includes(item) && !passed.includes(item))
    order = [...staying, ...coming, ...passed]
    let free = -Infinity
    for (const item of order) {
      // A line that has become longer pushes those behind it.
      put(item, staying.includes(item) ? Math.max(placeOf(item), free) : Math.max(end, free))
      free = placeOf(item) + sizeOf(item)
    }
    if (start < 0) return
    animation.currentTime = 0
    for (const item of order) put(item, placeOf(item) - start - LAP_PIXELS)
  }

  function update(items: readonly HTMLElement[], moves: boolean): void {
    const known = new Set(order)
    const added = items.filter((item) => !known.has(item))
    for (const item of order)
      if (!items.includes(item)) {
        observer.unobserve(item)
        places.delete(item)
        sizes.delete(item)
      }
    for (const item of added) observer.observe(item)
    const [, end] = viewNow()
    const kept = order.filter((item) => items.includes(item))
    const isIn = (item: HTMLElement): boolean => placeOf(item) < end
    order = [...kept.filter(isIn), ...added, ...kept.filter((item) => !isIn(item))]
    layOut()
    if (moves) animation.play()
    else animation.pause()
  }

  return {
    update,
    show(item: Element | null | undefined): void {
      // The browser scrolls to a focused line.
      view.scrollLeft = 0
      const index = order.indexOf(item as HTMLElement)
      if (index < 0) return
      order = [...order.slice(index), ...order.slice(0, index)]
      let [place] = viewNow()
      for (const each of order) {
        put(each, place)
        place += sizeOf(each)
      }
    },
    sees(item: HTMLElement): boolean {
      const [start, end] = viewNow()
      return placeOf(item) < end && placeOf(item) + sizeOf(item) > start
    },
    stop(): void {
      observer.disconnect()
      animation.cancel()
    },
  }
}
