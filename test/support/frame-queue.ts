import { answerLog } from './contract/answer-log.ts'
import type { Channel } from './contract/contract-checker.ts'
import { withMark } from '../../src/protocol/position.ts'
import type { EventFrame, Frame } from '../../src/protocol/frames.ts'

/** Only a test that fails waits for so long; a busy computer needs some of it. */
const LIMIT_MS = 20_000

/** Received frames in their order, kept until a test takes them. */
export class FrameQueue {
  readonly #channel: Channel
  readonly #waiting: Frame[] = []
  #position = ''
  #wake: () => void = () => undefined

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** Position of the newest frame that was taken or skipped, with its mark: a reader would resume from it. */
  get position(): string {
    return this.#position
  }

  put(frame: Frame): void {
    answerLog.tookMessage(this.#channel, frame)
    this.#waiting.push(frame)
    this.#wake()
  }

  /** The next frame. Errors: after `limitMs` without one. */
  async next(limitMs = LIMIT_MS): Promise<Frame> {
    if (this.#waiting.length === 0) await this.#arrival(limitMs)
    const frame = this.#waiting.shift()
    if (!frame) throw new Error(`no frame within ${limitMs} ms`)
    if ('position' in frame && frame.type !== 'hello') this.#position = withMark(frame.position, frame.mark)
    return frame
  }

  /** Skips frames until one matches, and returns that. Errors: after `limitMs` without a match. */
  async until(fits: (frame: Frame) => boolean, limitMs = LIMIT_MS): Promise<Frame> {
    const deadline = performance.now() + limitMs
    for (;;) {
      const frame = await this.next(Math.max(0, deadline - performance.now()))
      if (fits(frame)) return frame
    }
  }

  async untilType<T extends Frame['type']>(
    type: T,
    limitMs = LIMIT_MS,
  ): Promise<Extract<Frame, { type: T }>> {
    return (await this.until((frame) => frame.type === type, limitMs)) as Extract<Frame, { type: T }>
  }

  /** The next events; other frames between them are skipped. */
  async take(events: number, limitMs = LIMIT_MS): Promise<EventFrame[]> {
    const taken: EventFrame[] = []
    while (taken.length < events) taken.push(await this.untilType('event', limitMs))
    return taken
  }

  /** Settles when this event has arrived. */
  async received(event: EventFrame | undefined, limitMs = LIMIT_MS): Promise<void> {
    if (!event) throw new Error('no event to wait for')
    await this.until((frame) => frame.type === 'event' && frame.position === event.position, limitMs)
  }

  /** Frames that have arrived and were not taken. */
  get waiting(): readonly Frame[] {
    return this.#waiting
  }

  async #arrival(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, limitMs)
    })
    clearTimeout(timer)
  }
}
