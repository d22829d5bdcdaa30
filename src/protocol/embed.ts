import { escapeHtml } from './escape-html.ts'

export const embedModes = ['strip', 'list', 'crawl'] as const
export type EmbedMode = (typeof embedModes)[number]

export const embedThemes = ['light', 'dark', 'auto'] as const
export type EmbedTheme = (typeof embedThemes)[number]

/** Typefaces that the server has; without one, the page's or the system's. */
export const embedFonts = ['own'] as const

/** The settings of an embed: the attributes of the element, and the query of the frame's address. */
export interface EmbedSettings {
  readonly mode?: EmbedMode | undefined
  readonly theme?: EmbedTheme | undefined
  readonly font?: (typeof embedFonts)[number] | undefined
  readonly dir?: 'ltr' | 'rtl' | undefined
  readonly lang?: string | undefined
  readonly max?: number | undefined
  /** Minutes for which a notice stands in the place of a withdrawn or held line; 0: no notices. */
  readonly notices?: number | undefined
  /** Separated by commas, as in the filters. */
  readonly section?: string | undefined
  readonly region?: string | undefined
  readonly urgency?: string | undefined
}

/** In the order in which snippets write them. */
export const embedSettingNames = [
  'section',
  'region',
  'urgency',
  'max',
  'mode',
  'theme',
  'font',
  'dir',
  'lang',
  'notices',
] as const satisfies readonly (keyof EmbedSettings)[]

/** The settings that are set, as text. */
export function chosen(settings: EmbedSettings): [name: keyof EmbedSettings, value: string][] {
  return embedSettingNames.flatMap((name): [keyof EmbedSettings, string][] => {
    const value = settings[name]
    return value === undefined || value === '' ? [] : [[name, String(value)]]
  })
}

/** The most headlines that the element shows, in a frame too, and their number without `max`. */
export const MAX_TICKER_LINES = 50
export const DEFAULT_TICKER_LINES = 10

/** The most headlines of a piece of HTML: those of the longest strip. */
export const MAX_STRIP_LINES = 200

/** The most minutes of a notice that a frame takes. */
export const MAX_NOTICE_MINUTES = 60

/** Address of the frame's page on a server. */
export function frameAddress(origin: string, feed: string, settings: EmbedSettings = {}): string {
  const query = new URLSearchParams(chosen(settings)).toString().replaceAll('%2C', ',')
  return `${origin}/embed/${feed}${query === '' ? '' : `?${query}`}`
}

/**
 * Scripts make it live, its own origin lets it read, a link opens in a new window that is a usual one. Not granted:
 * forms, dialogs, downloads and any way to move the page around it.
 */
export const frameSandbox = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox'

/** Height in pixels until the frame has sent its own height. */
export const frameHeights: Readonly<Record<EmbedMode, number>> = { strip: 64, list: 420, crawl: 64 }

export interface FrameTag {
  readonly address: string
  readonly title: string
  readonly width: number | string
  readonly height: number
}

export function frameHtml({ address, title, width, height }: FrameTag): string {
  const attributes = {
    src: address,
    title,
    width,
    height,
    sandbox: frameSandbox,
    loading: 'lazy',
    style: 'border:0;max-width:100%',
  }
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escapeHtml(String(value))}"`)
  return `<iframe ${written.join(' ')}></iframe>`
}

/** Type of the message by which a frame sends its height to the page around it. It never carries news. */
export const HEIGHT_MESSAGE = 'flashline:height'
/** Type of the message by which the page asks a frame for its height. */
export const ASK_HEIGHT_MESSAGE = 'flashline:ask-height'
