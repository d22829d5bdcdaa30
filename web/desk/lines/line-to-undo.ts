import type { DoneAct } from '../results/done-act.ts'
import { isOf, isOutgoing, type DeskHeadline, type Look } from './headline.ts'

export interface LineToUndo {
  readonly headlines: readonly DeskHeadline[]
  readonly selected: string | undefined
  /** The person's acts, the newest first. */
  readonly done: readonly DoneAct[]
}

/** The selected line if it waits, or else the person's own line that goes out next, or else a colleague's. */
export function lineToUndo({ headlines, selected, done }: LineToUndo, look: Look): DeskHeadline | undefined {
  const lines = withOwnActs(headlines, done, look)
  const going = lines.filter((line) => isOutgoing(line, look))
  const inOrder = going.sort((a, b) => (a.releaseAt ?? '').localeCompare(b.releaseAt ?? ''))
  return (
    lines.find(({ id, status }) => id === selected && status === 'due') ??
    inOrder.find((line) => isOf(line, look.person)) ??
    inOrder[0]
  )
}

/**
 * The headlines as the person's own acts have left them: the lists show an act only in a moment, and a person can want
 * the line back sooner than that.
 */
function withOwnActs(
  headlines: readonly DeskHeadline[],
  done: readonly DoneAct[],
  { person, now }: Look,
): readonly DeskHeadline[] {
  const newest = new Map([...done].reverse().map((act) => [act.id, act]))
  const listed = headlines.map((line) => {
    const act = newest.get(line.id)
    newest.delete(line.id)
    if (act === undefined || act.version <= line.version) return line
    const { version, status, releaseAt } = act
    return { ...line, version, status, ...(releaseAt !== undefined && { releaseAt }) }
  })
  // A line whose time has come is on the strip and in no list.
  const sent = [...newest.values()].filter(({ releaseAt = '' }) => Date.parse(releaseAt) > now)
  return [...listed, ...sent.map((act) => sentLine(act, person))]
}

function sentLine(act: DoneAct, person: string): DeskHeadline {
  const { id, version, status, text, urgency, releaseAt, at } = act
  return {
    ...{ id, version, status, createdAt: at, desk: { createdBy: person } },
    ...(urgency && { content: { text, urgency } }),
    ...(releaseAt !== undefined && { releaseAt }),
  }
}
