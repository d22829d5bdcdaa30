/**
 * Splits a text between words into rows that fit. A word that is wider than a row is split between letters.
 *
 * @param widthOf the width of a text in pixels
 * @param rowWidth the width of a row
 * @param firstWidth the width of the first row, where something stands before the text
 */
export function splitWords(
  text: string,
  widthOf: (part: string) => number,
  rowWidth: number,
  firstWidth = rowWidth,
): string[] {
  const rows: string[] = []
  let row = ''
  const room = (): number => (rows.length === 0 ? firstWidth : rowWidth)
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    const longer = row === '' ? word : `${row} ${word}`
    if (widthOf(longer) <= room()) {
      row = longer
      continue
    }
    // The first row may be left empty: the text begins below that which stands before it.
    if (row !== '' || (rows.length === 0 && firstWidth < rowWidth)) rows.push(row)
    row = word
    while (widthOf(row) > rowWidth) {
      const letters = lettersOf(row)
      if (letters.length < 2) break
      const fitting = countFitting(letters, (part) => widthOf(part) <= rowWidth)
      rows.push(letters.slice(0, fitting).join(''))
      row = letters.slice(fitting).join('')
    }
  }
  return row === '' ? rows : [...rows, row]
}

/** Letters with their marks: half of an accent or of an emoji is none. */
function lettersOf(word: string): string[] {
  return Array.from(new Intl.Segmenter().segment(word), ({ segment }) => segment)
}

/** The number of letters that fit, at least one. */
function countFitting(letters: readonly string[], fits: (part: string) => boolean): number {
  let count = 1
  while (count < letters.length - 1 && fits(letters.slice(0, count + 1).join(''))) count++
  return count
}
