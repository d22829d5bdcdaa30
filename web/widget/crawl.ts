const PIXELS_PER_SECOND = 60

/** Lines that move through the view, from the end of the reading direction to its beginning. */
export interface Crawl {
  /** Call when the lines or the width have changed: the visible lines stay where they are. */
  readonly update: (anchor?: HTMLElement) => void
  readonly run: (runs: boolean) => void
  /** Moves a line to the side where reading begins. */
  readonly show: (item: HTMLElement) => void
  readonly stop: () => void
}

export function crawl(track: HTMLElement, view: HTMLElement, isRtl: boolean): Crawl {
  let animation: Animation | undefined
  let runs = true
  let anchored: { readonly item: HTMLElement; readonly start: number } | undefined

  /** Distance of a line from the beginning of the track, in pixels. */
  const startOf = (item: HTMLElement): number =>
    isRtl ? track.offsetWidth - item.offsetLeft - item.offsetWidth : item.offsetLeft
  const msOf = (pixels: number): number => (pixels / PIXELS_PER_SECOND) * 1_000

  function update(anchor?: HTMLElement): void {
    const moved = anchored?.item.isConnected ? startOf(anchored.item) - anchored.start : 0
    const time = Number(animation?.currentTime ?? 0) + msOf(moved)
    const [room, length] = [view.clientWidth, track.offsetWidth]
    const [from, to] = isRtl ? [-room, length] : [room, -length]
    animation?.cancel()
    animation = track.animate(
      [{ transform: `translateX(${from}px)` }, { transform: `translateX(${to}px)` }],
      {
        duration: msOf(room + length) || 1,
        iterations: Infinity,
      },
    )
    animation.currentTime = Math.max(0, time)
    run(runs)
    anchored = anchor && { item: anchor, start: startOf(anchor) }
  }

  function run(isOn: boolean): void {
    runs = isOn
    if (isOn) animation?.play()
    else animation?.pause()
  }

  const resized = new ResizeObserver(() => update(anchored?.item))
  resized.observe(view)
  return {
    update,
    run,
    show(item) {
      if (animation) animation.currentTime = msOf(view.clientWidth + startOf(item))
    },
    stop() {
      resized.disconnect()
      animation?.cancel()
    },
  }
}
