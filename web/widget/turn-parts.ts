// Loaded only when a line is higher than a strip, since most lines fit.

/**
 * Shows the line of a strip part by part, if it is higher than the view, and a sign while more of it is to come. Returns
 * the number of parts.
 *
 * @param share how much of the line's time is over, from 0 to 1
 */
export type TurnParts = (isLong: boolean, share: number) => number

export function turnParts(view: HTMLElement, list: HTMLElement, more: HTMLElement): TurnParts {
  let shown: Node | null = null
  let part = -1
  return (isLong, share) => {
    const parts = isLong ? partsOf(view, list) : [0]
    const wanted = Math.min(Math.floor(share * parts.length), parts.length - 1)
    // The reader may have scrolled. Where the line fits, this would only be a layout.
    if (isLong && (part !== wanted || shown !== list.firstChild)) view.scrollTop = parts[wanted] ?? 0
    part = wanted
    shown = list.firstChild
    more.hidden = wanted >= parts.length - 1
    return parts.length
  }
}

/**
 * The parts in which a line that is higher than the view is read: the distance of each part from the top, in pixels. A
 * part begins with the first row of text that the part before does not show whole.
 */
function partsOf(view: HTMLElement, line: Node): number[] {
  const origin = view.getBoundingClientRect().top - view.scrollTop
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  const rows: DOMRect[] = []
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode)
    rows.push(...range.getClientRects())
  }
  const parts = [0]
  for (const { top, bottom } of rows.sort((a, b) => a.top - b.top)) {
    const start = parts.at(-1) ?? 0
    // Rows have fractions of a pixel, the view has not.
    if (bottom - origin > start + view.clientHeight + 1 && top - origin > start + 1) parts.push(top - origin)
  }
  return parts
}
