import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { DeskHeadline } from './headline.ts'

/** A longer list draws only the rows near the window. */
const MOST_DRAWN = 100
const USUAL_ROW_PX = 64
/** The keys go from row to row, so some rows above and below the window must be there. */
const ROWS_AROUND = 10

export interface LineRowsProps {
  readonly lines: readonly DeskHeadline[]
  readonly children: (line: DeskHeadline) => ReactNode
}

export function LineRows({ lines, children }: LineRowsProps) {
  if (lines.length > MOST_DRAWN) return <LongRows lines={lines}>{children}</LongRows>
  return (
    <ul className="rows">
      {lines.map((line) => (
        <li key={line.id} className="row" data-status={line.status}>
          {children(line)}
        </li>
      ))}
    </ul>
  )
}

function LongRows({ lines, children }: LineRowsProps) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: () => USUAL_ROW_PX,
    overscan: ROWS_AROUND,
    scrollMargin: top,
    getItemKey: (index) => lines[index]?.id ?? index,
  })
  // The groups above grow and shrink. In the next frame the page is laid out anyway: here, each event would do it once more.
  useEffect(() => {
    const measuring = requestAnimationFrame(() => {
      setTop(Math.round((list.current?.getBoundingClientRect().top ?? 0) + scrollY))
    })
    return () => cancelAnimationFrame(measuring)
  })
  return (
    <ul className="rows long" ref={list} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const line = lines[index]
        return (
          line && (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="row"
              data-status={line.status}
              aria-setsize={lines.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              {children(line)}
            </li>
          )
        )
      })}
    </ul>
  )
}
