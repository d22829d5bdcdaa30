import { Button } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { useCalm } from '../platform/calm.ts'
import { useServerTime } from '../platform/server-clock.ts'

const SECOND_MS = 1_000
/** The length of the whole ring. */
const WHOLE = 100

export interface UndoRingProps {
  /** The time of the release. */
  readonly at: string
  /** The ring is whole this long before the release. */
  readonly windowMs: number
  /** Absent: the person may not undo the line, and only sees how long others can. */
  readonly onUndo: (() => void) | undefined
  readonly isSending: boolean
}

/** The time that is left to take a line back, as a ring that runs out on all desks at once. In calm it names the time. */
export function UndoRing({ at, windowMs, onUndo, isSending }: UndoRingProps) {
  const intl = useIntl()
  const isCalm = useCalm()
  const now = useServerTime(SECOND_MS / 4)
  const leftMs = Math.max(0, Date.parse(at) - now)
  const seconds = Math.ceil(leftMs / SECOND_MS)
  const time = intl.formatTime(at, { timeStyle: 'medium', hourCycle: 'h23' })
  return (
    <div className="undo" data-undo>
      {!isCalm && <Ring left={Math.min(WHOLE, (WHOLE * leftMs) / windowMs)} seconds={seconds} />}
      <span className="undo-text">
        {isCalm ? (
          <FormattedMessage id="undo.at" values={{ time }} />
        ) : (
          <FormattedMessage id={leftMs > 0 ? 'undo.in' : 'undo.now'} values={{ seconds }} />
        )}
      </span>
      {onUndo && leftMs > 0 && (
        <Button size="xs" color="red" disabled={isSending} onClick={onUndo}>
          <FormattedMessage id="act.undo" />
        </Button>
      )}
    </div>
  )
}

function Ring({ left, seconds }: { readonly left: number; readonly seconds: number }) {
  return (
    <svg className="undo-ring" viewBox="0 0 36 36" aria-hidden="true">
      <circle className="undo-track" cx="18" cy="18" r="15" />
      <circle
        className="undo-left"
        cx="18"
        cy="18"
        r="15"
        pathLength={WHOLE}
        strokeDasharray={`${left} ${WHOLE}`}
      />
      <text x="18" y="18" className="undo-seconds">
        {seconds}
      </text>
    </svg>
  )
}
