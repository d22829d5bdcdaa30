import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'

export interface Words {
  readonly text: string
  readonly urgency: Urgency
  readonly speaker?: string
  readonly story?: string
}

/** The reason why a line needs a look. */
export interface Attention {
  readonly action: Action | 'needs-decision'
  readonly why?: string
  readonly lost?: string
  readonly text?: string
  /** The edition that both lines are parts of. */
  readonly edition?: string
}

/** A headline in a list of the API, as far as the desk shows it. */
export interface DeskHeadline {
  readonly id: string
  readonly version: number
  readonly status: Status
  readonly createdAt: string
  readonly content?: Words
  readonly desk?: {
    readonly createdBy: string
    readonly authors?: readonly string[]
    readonly submittedBy?: string
    readonly reason?: string
    /** The time in ms that the author of a submitted line wants. */
    readonly releaseAt?: number
    /** The end of the source's embargo in ms. */
    readonly embargoUntil?: number
    readonly proposal?: { readonly content: Words; readonly submittedBy?: string }
  }
  readonly releaseAt?: string
  readonly publishedAt?: string
  readonly attention?: Attention
  readonly pinned?: true
  /** The edition that it is a part of. */
  readonly edition?: string
  /** The person may approve the line, or the correction that waits on it. */
  readonly mayApprove?: boolean
}

/** The groups of the list, from the most to the least pressing. */
export const groups = [
  'outgoing',
  'approval',
  'decision',
  'attention',
  'mine',
  'submitted',
  'scheduled',
  'held',
  'drafts',
  'rejected',
] as const
export type Group = (typeof groups)[number]

/** The statuses that the list asks the API for. */
export const listedStatuses = [
  'pending',
  'needs-decision',
  'due',
  'draft',
  'returned',
  'rejected',
  'held',
] as const satisfies readonly Status[]

/** The person who looks at the list, and the moment. */
export interface Look {
  readonly person: string
  /** The server's time in ms. */
  readonly now: number
  /** The undo windows of the feed in ms; undefined until the policy is read. */
  readonly undoMs: Readonly<Record<Urgency, number>> | undefined
}

/** Each headline stands in one group: the most pressing one that fits. */
export function inGroups(
  headlines: readonly DeskHeadline[],
  look: Look,
): ReadonlyMap<Group, readonly DeskHeadline[]> {
  const grouped = new Map<Group, DeskHeadline[]>()
  for (const line of headlines) {
    const group = groupOf(line, look)
    if (group === undefined) continue
    const members = grouped.get(group)
    if (members) members.push(line)
    else grouped.set(group, [line])
  }
  for (const group of ['outgoing', 'scheduled'] as const)
    grouped.get(group)?.sort((a, b) => (a.releaseAt ?? '').localeCompare(b.releaseAt ?? ''))
  return grouped
}

function groupOf(line: DeskHeadline, look: Look): Group | undefined {
  const { status, desk, attention } = line
  if (desk?.proposal || status === 'pending') return line.mayApprove === true ? 'approval' : 'submitted'
  if (status === 'needs-decision') return 'decision'
  if (isOutgoing(line, look)) return 'outgoing'
  if (attention) return 'attention'
  switch (status) {
    case 'due':
      return 'scheduled'
    case 'held':
      return 'held'
    case 'draft':
    case 'returned':
      return isOf(line, look.person) ? 'mine' : 'drafts'
    case 'rejected':
      return 'rejected'
    case 'discarded':
    case 'live':
    case 'withdrawn':
    case 'expired':
      return undefined
    default:
      return status satisfies never
  }
}

/** The line shows in the list, not only on the strip. */
export function isGrouped(line: DeskHeadline): boolean {
  return groupOf(line, { person: '', now: 0, undoMs: undefined }) !== undefined
}

export function isOf({ desk }: DeskHeadline, person: string): boolean {
  return desk?.createdBy === person || desk?.authors?.includes(person) === true
}

/** A line that is this near to its release shows at the top, whatever its undo window. */
const LAST_CALL_MS = 10_000

/** The time for which the whole desk is shown that a line goes out. */
export function lastCallMs({ content }: DeskHeadline, undoMs: Look['undoMs']): number {
  return Math.max(LAST_CALL_MS, content && undoMs ? undoMs[content.urgency] : 0)
}

/** The line goes out in a moment. */
export function isOutgoing(line: DeskHeadline, { now, undoMs }: Omit<Look, 'person'>): boolean {
  if (line.status !== 'due' || line.releaseAt === undefined) return false
  return Date.parse(line.releaseAt) - now <= lastCallMs(line, undoMs)
}
