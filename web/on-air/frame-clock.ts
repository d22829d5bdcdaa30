/** The part of a window that gives frames; a test gives others. */
export interface Frames {
  /** Calls back once, at the next frame, with its time in ms. */
  readonly requestAnimationFrame: (callback: (time: number) => void) => number
  readonly cancelAnimationFrame: (request: number) => void
}

/** Frame rates of television and of screens. */
const RATES = [24, 25, 30, 48, 50, 60, 100, 120]
const SAMPLES = 25
/** A host that draws nothing yet does not keep the graphic from loading. */
const SAMPLE_LIMIT_MS = 1_500
const USUAL_RATE = 50
/** A frame may come so early, of the time between two. */
const EARLIEST = 0.75
/** After a longer pause the picture goes on where it was. */
const PAUSE_MS = 250

/** The one clock of everything that moves: it counts frames. */
export class FrameClock {
  readonly #frames: Frames
  readonly #frameMs: number
  readonly #onFrames: (count: number) => void
  #request: number | undefined
  #last: number | undefined

  /** @param onFrames called at each frame with the number of frames since the last call: more than 1 after a dropped one */
  constructor(frames: Frames, framesPerSecond: number, onFrames: (count: number) => void) {
    this.#frames = frames
    this.#frameMs = 1_000 / framesPerSecond
    this.#onFrames = onFrames
  }

  start(): void {
    this.#request ??= this.#frames.requestAnimationFrame(this.#tick)
  }

  stop(): void {
    if (this.#request !== undefined) this.#frames.cancelAnimationFrame(this.#request)
    this.#request = undefined
    this.#last = undefined
  }

  readonly #tick = (time: number): void => {
    this.#request = this.#frames.requestAnimationFrame(this.#tick)
    const passed = time - (this.#last ?? time - this.#frameMs)
    // A host with twice as many frames as the setting: the picture moves at every second one.
    if (passed < EARLIEST * this.#frameMs) return
    this.#last = time
    this.#onFrames(passed > PAUSE_MS ? 1 : Math.max(1, Math.round(passed / this.#frameMs)))
  }
}

/** The frame rate of the host, by the times of some frames. */
export function measureFrameRate(frames: Frames): Promise<number> {
  return new Promise((resolve) => {
    const times: number[] = []
    let request = 0
    const late = setTimeout(() => {
      frames.cancelAnimationFrame(request)
      resolve(USUAL_RATE)
    }, SAMPLE_LIMIT_MS)
    const sample = (time: number): void => {
      times.push(time)
      if (times.length <= SAMPLES) {
        request = frames.requestAnimationFrame(sample)
        return
      }
      clearTimeout(late)
      resolve(nearestRate(times))
    }
    request = frames.requestAnimationFrame(sample)
  })
}

export function nearestRate(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const middle = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
  const rate = middle > 0 ? 1_000 / middle : USUAL_RATE
  return RATES.reduce((best, each) => (Math.abs(each - rate) < Math.abs(best - rate) ? each : best))
}
