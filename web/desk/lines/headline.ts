import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'

/** A headline in a list of the API, as far as the desk shows it. */
export interface DeskHeadline {
  readonly id: string
  readonly version: number
  readonly status: Status
  readonly createdAt: string
  readonly content?: { readonly text: string; readonly urgency: Urgency; readonly speaker?: string }
  readonly desk?: {
    readonly createdBy: string
    readonly reason?: string
    readonly proposal?: { readonly content: { readonly text: string } }
  }
  readonly releaseAt?: string
  readonly attention?: object
  readonly pinned?: true
}

/** The groups of the list, from the most to the least pressing, with the statuses of their headlines. */
export const groups = ['approval', 'decision', 'attention', 'scheduled', 'drafts', 'held'] as const
export type Group = (typeof groups)[number]

const groupOfStatus: Partial<Record<Status, Group>> = {
  pending: 'approval',
  'needs-decision': 'decision',
  due: 'scheduled',
  draft: 'drafts',
  returned: 'drafts',
  rejected: 'drafts',
  held: 'held',
}

/** The statuses that the list asks the API for. */
export const listedStatuses = Object.keys(groupOfStatus)

/** Each headline stands in one group: the most pressing one that fits. */
export function inGroups(headlines: readonly DeskHeadline[]): ReadonlyMap<Group, readonly DeskHeadline[]> {
  const grouped = new Map<Group, DeskHeadline[]>()
  for (const line of headlines) {
    const group = groupOf(line)
    if (group) grouped.set(group, [...(grouped.get(group) ?? []), line])
  }
  return grouped
}

function groupOf({ status, desk, attention }: DeskHeadline): Group | undefined {
  if (desk?.proposal) return 'approval'
  const group = groupOfStatus[status]
  if (attention && group !== 'approval' && group !== 'decision') return 'attention'
  return group
}
