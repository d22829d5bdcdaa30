import { z } from 'zod'

const COLOUR = /^#[0-9a-f]{6}$/i
const COLOUR_WITH_ALPHA = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i
const LOGO = /^data:image\/(png|jpeg|webp|svg\+xml);base64,[a-z0-9+/]+=*$/i
const FONT = /^data:(font\/woff2|application\/font-woff2);base64,[a-z0-9+/]+=*$/i

/** Behind words; the picture under it may show through. */
const box = z.string().regex(COLOUR_WITH_ALPHA, '#rrggbb or #rrggbbaa').optional()
/** Words are opaque: letters that are joined, as Arabic ones are, would show their joints otherwise. */
const words = z.string().regex(COLOUR, '#rrggbb').optional()
const font = z.string().regex(FONT, 'a data: URL of a woff2 file').optional()

/** The theme file of a channel. Fields that are left out are the usual ones. `web/on-air` checks the same without zod. */
export const onAirThemeSchema = z.strictObject({
  colours: z
    .strictObject({ band: box, title: box, label: box, text: words, titleText: words, labelText: words })
    .optional(),
  logo: z.string().regex(LOGO, 'a data: URL of a png, jpeg, webp or svg picture').optional(),
  fonts: z.strictObject({ latin: font, arabic: font }).optional(),
  safeMarginPercent: z.number().min(0).max(20).optional(),
  rowHeightPercent: z.number().min(3).max(20).optional(),
  showsTitle: z.boolean().optional(),
})
export type OnAirTheme = z.output<typeof onAirThemeSchema>
