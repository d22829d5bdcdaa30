import { diffArrays } from 'diff'

/** Words that stand in both texts, or in one of them only. */
export interface Piece {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** The words of two texts side by side, divided by the rules of their language. */
export function wordDiff(before: string, after: string, lang: string): Piece[] {
  const changes = diffArrays(piecesOf(before, lang), piecesOf(after, lang))
  return joined(
    changes.map(({ added, removed, value }) => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      text: value.join(''),
    })),
  )
}

function piecesOf(text: string, lang: string): string[] {
  return Array.from(new Intl.Segmenter(lang, { granularity: 'word' }).segment(text), ({ segment }) => segment)
}

/** Changes that only a space divides are one change, which is easier to read. */
function joined(pieces: readonly Piece[]): Piece[] {
  const rows: Piece[] = []
  let removed = ''
  let added = ''
  function flush(): void {
    const isSpaced = removed.endsWith(' ') && added.endsWith(' ')
    const end = isSpaced ? -1 : undefined
    if (removed !== '') rows.push({ kind: 'removed', text: removed.slice(0, end) })
    if (added !== '') rows.push({ kind: 'added', text: added.slice(0, end) })
    if (isSpaced) rows.push({ kind: 'same', text: ' ' })
    removed = added = ''
  }
  for (const [index, { kind, text }] of pieces.entries()) {
    const isBetween = index > 0 && index < pieces.length - 1
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else if (isBetween && text.trim() === '' && removed !== '' && added !== '') {
      removed += text
      added += text
    } else {
      flush()
      rows.push({ kind, text })
    }
  }
  flush()
  return rows
}
