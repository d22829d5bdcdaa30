import type { ScriptStep, WantedLines } from './script.ts'

export interface ReportedLine {
  readonly id: string
  readonly text: string
}

export type Verdict = 'passed' | 'failed' | 'not-seen'
export interface Outcome {
  readonly verdict: Verdict
  readonly detail: string
}

/** The knowledge about the client in the present step. */
export interface StepView {
  readonly step: Pick<ScriptStep, 'watches' | 'noSoonerMs'>
  readonly wanted: WantedLines
  /** Since the server acted. */
  readonly forMs: number
  /** Time that a client has to show what it will show. */
  readonly settleMs: number
  /** A step that has not passed by then is over; undefined where a person answers. */
  readonly limitMs: number | undefined
  /** The newest strip that the client has reported; undefined before the first. */
  readonly reported: readonly ReportedLine[] | undefined
  /** A person's word on the page: whether the client shows these lines. */
  readonly isShown: boolean | undefined
  /** The first connection since then. */
  readonly returned: { readonly forMs: number; readonly hasOwnPosition: boolean } | undefined
  /** Whether the client has ended a stream since then. */
  readonly hasLeft: boolean
  /** Requests with the key that had ended. */
  readonly refusals: number
}

/** How long before `retryAfterMs` a clock may wake. */
const EARLY_MS = 50

/** Whether the step is over, and how. */
export function decideStep(view: StepView): Outcome | undefined {
  const broken = brokenRule(view)
  if (broken !== undefined) return { verdict: 'failed', detail: broken }
  const lacks = lacking(view)
  if (lacks === undefined)
    return view.forMs < view.settleMs ? undefined : { verdict: 'passed', detail: 'As expected.' }
  const isOver = view.isShown === false || (view.limitMs !== undefined && view.forMs >= view.limitMs)
  return isOver ? lacks : undefined
}

/** A fault that no later act of the client can mend. */
function brokenRule({ step, returned, hasLeft }: StepView): string | undefined {
  if (step.watches === 'stay' && hasLeft) return 'It ended its connection.'
  if (step.watches !== 'return' || !returned) return undefined
  if (!returned.hasOwnPosition) return 'It came back with a position that it had not reached.'
  const { noSoonerMs = 0 } = step
  const isEarly = returned.forMs < noSoonerMs - EARLY_MS
  return isEarly ? `It came back after ${Math.round(returned.forMs)} ms.` : undefined
}

/** The part that is missing for a pass. */
function lacking({ step, wanted, reported, isShown, returned, refusals }: StepView): Outcome | undefined {
  if (step.watches === 'return' && !returned) {
    const tries = refusals > 0 ? ` It tried the old key ${refusals} times.` : ''
    return { verdict: 'failed', detail: `It did not come back.${tries}` }
  }
  if (isShown !== undefined)
    return isShown ? undefined : { verdict: 'failed', detail: 'It shows something else, says the page.' }
  if (wanted.shows.length + wanted.hides.length === 0) return undefined
  if (!reported) return { verdict: 'not-seen', detail: 'It has reported no strip.' }
  const fault = stripFault(reported, wanted)
  return fault === undefined ? undefined : { verdict: 'failed', detail: fault }
}

/** The first fault of a reported strip. Other lines than those of the step do not count. */
export function stripFault(
  reported: readonly ReportedLine[],
  { shows, hides }: WantedLines,
): string | undefined {
  for (const { id, text } of shows) {
    const own = reported.filter((line) => line.id === id)
    if (own.length === 0) return `It does not show “${text}”.`
    if (own.length > 1) return `It shows “${text}” ${own.length} times.`
    if (own[0]?.text !== text) return `It shows “${own[0]?.text}” in place of “${text}”.`
  }
  const stays = reported.find(({ id }) => hides.includes(id))
  if (stays) return `It still shows “${stays.text}”.`
  const wantedOrder = shows.map(({ id }) => id)
  const order = reported.map(({ id }) => id).filter((id) => wantedOrder.includes(id))
  return order.join() === wantedOrder.join() ? undefined : 'It shows the lines in another order.'
}
