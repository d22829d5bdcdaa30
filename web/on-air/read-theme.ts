import { fieldsOf, isLeftOut, numberOf, textOf, UnfitError, type Fields } from './read-field.ts'

/** The colours of a picture. Words are opaque: letters that are joined would show their joints otherwise. */
export interface ThemeColours {
  readonly band: string
  readonly text: string
  readonly title: string
  readonly titleText: string
  readonly label: string
  readonly labelText: string
}

/** The look of a channel, as its theme file has it. */
export interface Theme {
  readonly colours: ThemeColours
  /** `data:` URL of a picture. */
  readonly logo?: string
  /** `data:` URLs of typefaces, which come before those of the package. */
  readonly fonts: { readonly latin?: string; readonly arabic?: string }
  readonly safeMarginPercent: number
  /** Height of a row, of the height of the picture. */
  readonly rowHeightPercent: number
  readonly showsTitle: boolean
}

export const usualTheme: Theme = {
  colours: {
    band: '#0b1f3aee',
    text: '#ffffff',
    title: '#ffffff',
    titleText: '#0b1f3a',
    label: '#c8102e',
    labelText: '#ffffff',
  },
  fonts: {},
  safeMarginPercent: 5,
  rowHeightPercent: 7,
  showsTitle: true,
}

const COLOUR = /^#[0-9a-f]{6}$/i
const COLOUR_WITH_ALPHA = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i
const LOGO = /^data:image\/(png|jpeg|webp|svg\+xml);base64,[a-z0-9+/]+=*$/i
const FONT = /^data:(font\/woff2|application\/font-woff2);base64,[a-z0-9+/]+=*$/i
const boxes = ['band', 'title', 'label'] as const
const words = ['text', 'titleText', 'labelText'] as const
const members = ['colours', 'logo', 'fonts', 'safeMarginPercent', 'rowHeightPercent', 'showsTitle']

/**
 * A theme file; fields that it leaves out are the usual ones. The server checks the same with `onAirThemeSchema`.
 * Errors: UnfitError.
 */
export function readTheme(value: unknown): Theme {
  const theme = fieldsOf(value, 'theme')
  refuseUnknown(theme, members, 'theme')
  const { logo, safeMarginPercent, rowHeightPercent, showsTitle } = theme
  if (!isLeftOut(showsTitle) && typeof showsTitle !== 'boolean')
    throw new UnfitError('theme.showsTitle does not fit')
  return {
    colours: coloursOf(theme.colours),
    ...(!isLeftOut(logo) && { logo: textOf(logo, 'theme.logo', LOGO) }),
    fonts: fontsOf(theme.fonts),
    safeMarginPercent: isLeftOut(safeMarginPercent)
      ? usualTheme.safeMarginPercent
      : numberOf(safeMarginPercent, 'theme.safeMarginPercent', 0, 20),
    rowHeightPercent: isLeftOut(rowHeightPercent)
      ? usualTheme.rowHeightPercent
      : numberOf(rowHeightPercent, 'theme.rowHeightPercent', 3, 20),
    showsTitle: isLeftOut(showsTitle) ? usualTheme.showsTitle : showsTitle,
  }
}

function coloursOf(value: unknown): ThemeColours {
  if (isLeftOut(value)) return usualTheme.colours
  const given = fieldsOf(value, 'theme.colours')
  refuseUnknown(given, [...boxes, ...words], 'theme.colours')
  const colour = (name: keyof ThemeColours, pattern: RegExp): string =>
    isLeftOut(given[name]) ? usualTheme.colours[name] : textOf(given[name], `theme.colours.${name}`, pattern)
  return {
    band: colour('band', COLOUR_WITH_ALPHA),
    title: colour('title', COLOUR_WITH_ALPHA),
    label: colour('label', COLOUR_WITH_ALPHA),
    text: colour('text', COLOUR),
    titleText: colour('titleText', COLOUR),
    labelText: colour('labelText', COLOUR),
  }
}

function fontsOf(value: unknown): Theme['fonts'] {
  if (isLeftOut(value)) return {}
  const given = fieldsOf(value, 'theme.fonts')
  refuseUnknown(given, ['latin', 'arabic'], 'theme.fonts')
  const { latin, arabic } = given
  return {
    ...(!isLeftOut(latin) && { latin: textOf(latin, 'theme.fonts.latin', FONT) }),
    ...(!isLeftOut(arabic) && { arabic: textOf(arabic, 'theme.fonts.arabic', FONT) }),
  }
}

function refuseUnknown(fields: Fields, known: readonly string[], name: string): void {
  const unknown = Object.keys(fields).find((field) => !known.includes(field))
  if (unknown !== undefined) throw new UnfitError(`${name}.${unknown} is no field of a theme`)
}
