import type { GraphicsAPI } from 'ograf'
import { AsRun } from './as-run.ts'
import { followFeed, type FollowedFeed, type LinesNow } from './follow-feed.ts'
import { measureFrameRate, type Frames } from './frame-clock.ts'
import { loadPackageFonts, loadThemeFonts } from './package-fonts.ts'
import { Picture } from './picture.ts'
import { readSettings, usualSettings, type OnAirSettings } from './read-settings.ts'
import { usualTheme, type Theme } from './read-theme.ts'
import { watchTheme } from './watch-theme.ts'

/** The minified `on-air.css`; the build puts it here. */
declare const ON_AIR_CSS: string

/** The server of the package, where it was loaded from one: `https://news.example/on-air/flashline.js`. */
const ownServer = serverOf(import.meta.url)

/** The answer of an action, as OGraf 1 has it. An interface would not fit its types, which let vendors add members. */
type ActionAnswer = {
  readonly statusCode: number
  readonly statusMessage?: string
}

/** The parameters of `load` that are read here; a host may leave out each of them. */
export interface LoadParameters {
  readonly data?: unknown
  readonly renderCharacteristics?: { readonly frameRate?: number }
}

/**
 * The graphic: an OGraf 1 component, which a host defines, puts into its page and drives by actions. Nothing is painted
 * before the first `playAction` and after `stopAction`, whatever goes wrong.
 */
export default class FlashlineOnAir extends HTMLElement implements GraphicsAPI.Graphic {
  /** The frames by which the picture moves; a test gives others before `load`. */
  frames: Frames = {
    requestAnimationFrame: (callback) => requestAnimationFrame(callback),
    cancelAnimationFrame: (request) => cancelAnimationFrame(request),
  }
  readonly #picture: Picture
  readonly #observer: ResizeObserver
  #settings: OnAirSettings = { ...usualSettings, server: ownServer }
  #serverTheme: Theme = usualTheme
  #framesPerSecond: number | undefined
  #followed: (FollowedFeed & { readonly choice: string; readonly asRun: AsRun | undefined }) | undefined
  #themes: { readonly server: string; close(): void } | undefined

  constructor() {
    super()
    const frame = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(ON_AIR_CSS)
    frame.adoptedStyleSheets = [sheet]
    this.#picture = new Picture({
      frame,
      frames: {
        requestAnimationFrame: (callback) => this.frames.requestAnimationFrame(callback),
        cancelAnimationFrame: (request) => this.frames.cancelAnimationFrame(request),
      },
      onPainted: (line, edge) => this.#followed?.asRun?.painted(line, edge),
    })
    this.#observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentBoxSize[0]
      this.#picture.resize(Math.round(box?.inlineSize ?? 0), Math.round(box?.blockSize ?? 0))
    })
  }

  /** Gets ready: typefaces, frame rate and the strip. Paints nothing. */
  async load(parameters: LoadParameters = {}): Promise<ActionAnswer> {
    const answer = this.#take(parameters.data)
    this.#framesPerSecond = parameters.renderCharacteristics?.frameRate
    this.#observer.observe(this)
    const rate = this.#settings.framesPerSecond ?? this.#framesPerSecond
    const [measured] = await Promise.all([rate ?? measureFrameRate(this.frames), loadPackageFonts()])
    this.#framesPerSecond = measured
    await this.#apply()
    return answer
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- OGraf: each action answers a promise
  async dispose(): Promise<ActionAnswer> {
    this.#picture.stop()
    this.#observer.disconnect()
    this.#leave()
    this.#themes?.close()
    this.#themes = undefined
    return OK
  }

  /** The graphic has one step. A second `playAction` leaves it on air: only `stopAction` takes it off. */
  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async playAction(_parameters?: unknown): Promise<ActionAnswer & { readonly currentStep: number }> {
    this.#picture.play()
    return { ...OK, currentStep: 0 }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async stopAction(_parameters?: unknown): Promise<ActionAnswer> {
    this.#picture.stop()
    this.#followed?.asRun?.update([])
    return OK
  }

  async updateAction({ data }: { readonly data?: unknown } = {}): Promise<ActionAnswer> {
    const answer = this.#take(data)
    if (answer === OK) await this.#apply()
    return answer
  }

  async customAction({
    id,
    payload,
  }: { readonly id?: string; readonly payload?: unknown } = {}): Promise<ActionAnswer> {
    switch (id) {
      case 'next':
        this.#picture.next()
        return OK
      case 'look':
        return this.updateAction({ data: { look: lookIn(payload) } })
      default:
        return unfit(`there is no action ${String(id)}`)
    }
  }

  /** Hosts that render a film ask for these; this graphic shows the news of now. */
  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async goToTime(_parameters?: unknown): Promise<ActionAnswer> {
    return unfit('the graphic is for real time only', 501)
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async setActionsSchedule(_parameters?: unknown): Promise<ActionAnswer> {
    return unfit('the graphic is for real time only', 501)
  }

  /** Reads the data of the host. Data that does not fit changes nothing. */
  #take(data: unknown): ActionAnswer {
    try {
      this.#settings = readSettings(data, this.#settings)
      return OK
    } catch (error) {
      return unfit((error as Error).message)
    }
  }

  async #apply(): Promise<void> {
    const { theme = this.#serverTheme } = this.#settings
    await loadThemeFonts(theme.fonts)
    const { look, wordsPerMinute, framesPerSecond, safeMarginPercent } = this.#settings
    this.#picture.setStyle({
      look,
      wordsPerMinute,
      theme,
      framesPerSecond: framesPerSecond ?? this.#framesPerSecond ?? 50,
      safeMarginPercent: safeMarginPercent ?? theme.safeMarginPercent,
    })
    this.#follow()
    this.#watchTheme()
  }

  #follow(): void {
    const { server, feed, key, maxAgeMinutes } = this.#settings
    if (server === undefined || feed === undefined) return
    const choice = JSON.stringify([server, feed, key, maxAgeMinutes])
    if (this.#followed?.choice === choice) return
    this.#leave()
    let asRun: AsRun | undefined
    const onLines = (now: LinesNow | undefined): void => {
      this.#picture.update(now)
      asRun?.update(this.#picture.lines)
    }
    const followed = followFeed({ server, feed, key, maxAgeMinutes }, onLines)
    if (key?.startsWith('fo_')) asRun = new AsRun({ server, feed, key }, () => followed.now())
    this.#followed = { ...followed, choice, asRun }
  }

  #leave(): void {
    this.#picture.update(undefined)
    this.#followed?.asRun?.close()
    this.#followed?.close()
    this.#followed = undefined
  }

  #watchTheme(): void {
    const { server, theme } = this.#settings
    if (this.#themes && this.#themes.server === server && theme === undefined) return
    this.#themes?.close()
    this.#themes = undefined
    if (server === undefined || theme !== undefined) return
    const watched = watchTheme(server, (found) => {
      this.#serverTheme = found
      void this.#apply()
    })
    this.#themes = { server, close: () => watched.close() }
  }
}

const OK: ActionAnswer = { statusCode: 200 }

/** The console is the log of the host; nothing of a fault is painted. */
function unfit(statusMessage: string, statusCode = 400): ActionAnswer {
  console.error(`flashline on air: ${statusMessage}`)
  return { statusCode, statusMessage }
}

function lookIn(payload: unknown): unknown {
  return typeof payload === 'string' ? payload : (payload as { readonly look?: unknown } | undefined)?.look
}

function serverOf(address: string | undefined): string | undefined {
  return address?.startsWith('http') ? new URL('..', address).href : undefined
}
