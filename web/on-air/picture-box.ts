import type { LookName } from './read-settings.ts'
import type { Theme } from './read-theme.ts'

/** The place of the picture in the frame, in whole pixels. */
export interface PictureBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly rowPixels: number
  readonly fontPixels: number
}

/** A strap has a row for the label and two for the words. */
const rows: Readonly<Record<LookName, number>> = { crawl: 1, flip: 1, strap: 3 }
/** Letters with marks above and below, as Arabic has them, need the rest. */
const FONT_SHARE = 0.54

export function pictureBox(
  frame: { readonly width: number; readonly height: number },
  look: LookName,
  { safeMarginPercent, rowHeightPercent }: Pick<Theme, 'safeMarginPercent' | 'rowHeightPercent'>,
): PictureBox {
  const left = Math.ceil((frame.width * safeMarginPercent) / 100)
  const bottom = Math.ceil((frame.height * safeMarginPercent) / 100)
  const rowPixels = Math.round((frame.height * rowHeightPercent) / 100)
  const height = rowPixels * rows[look]
  return {
    left,
    top: frame.height - bottom - height,
    width: frame.width - 2 * left,
    height,
    rowPixels,
    fontPixels: Math.round(rowPixels * FONT_SHARE),
  }
}
