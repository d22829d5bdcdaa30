import type FlashlineOnAir from './flashline-on-air.ts'
import { templateData } from './template-data.ts'

/** The settings and the state of a page that its host has reloaded. */
interface KeptPage {
  readonly data: readonly Record<string, unknown>[]
  readonly isPlaying: boolean
}

/** A graphic that fills its page, driven by texts and without answers. Actions run one after the other. */
export class DrivenPage {
  readonly #graphic: FlashlineOnAir
  readonly #stored: string
  #kept: KeptPage = { data: [], isPlaying: false }
  #last: Promise<unknown>

  /** @param first data that holds before any update */
  constructor(graphic: FlashlineOnAir, name: string, first: Record<string, unknown>) {
    this.#graphic = graphic
    this.#stored = `flashline-on-air:page:${name}`
    document.body.append(graphic)
    this.#last = graphic.load({ data: first })
    const before = keptByReload(this.#stored)
    for (const data of before.data) this.#update(data)
    if (before.isPlaying) this.play()
  }

  play(): void {
    this.#keep({ ...this.#kept, isPlaying: true })
    this.#run(() => this.#graphic.playAction())
  }

  stop(): void {
    this.#keep({ ...this.#kept, isPlaying: false })
    this.#run(() => this.#graphic.stopAction())
  }

  next(): void {
    this.#run(() => this.#graphic.customAction({ id: 'next' }))
  }

  remove(): void {
    this.#keep({ data: [], isPlaying: false })
    this.#run(() => this.#graphic.dispose())
  }

  update(text: unknown): void {
    try {
      this.#update(typeof text === 'string' ? templateData(text) : (text as Record<string, unknown>))
    } catch (error) {
      console.error(`flashline on air: ${(error as Error).message}`)
    }
  }

  #update(data: Record<string, unknown>): void {
    this.#run(async () => {
      const { statusCode } = await this.#graphic.updateAction({ data })
      // Each field counts once: the newest value of it.
      if (statusCode === 200) this.#keep({ ...this.#kept, data: [{ ...this.#kept.data[0], ...data }] })
    })
  }

  #run(action: () => Promise<unknown>): void {
    this.#last = this.#last.then(action).catch((error: unknown) => {
      console.error(`flashline on air: ${(error as Error).message}`)
    })
  }

  #keep(kept: KeptPage): void {
    this.#kept = kept
    try {
      sessionStorage.setItem(this.#stored, JSON.stringify(kept))
    } catch {
      // After a reload the host has to play again.
    }
  }
}

/** Only after a reload of this page: a new page paints nothing before its host plays it. */
function keptByReload(name: string): KeptPage {
  const nothing: KeptPage = { data: [], isPlaying: false }
  try {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    if (navigation?.type !== 'reload') return nothing
    return (JSON.parse(sessionStorage.getItem(name) ?? 'null') as KeptPage | null) ?? nothing
  } catch {
    return nothing
  }
}
