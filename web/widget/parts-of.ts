/**
 * The parts in which a line that is higher than the view is read: the distance of each part from the top, in pixels. A
 * part begins with the first row of text that the part before does not show whole.
 */
export function partsOf(view: HTMLElement, line: Node): number[] {
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
