import type { DeskState } from '../../protocol/desk-state.ts'
import type { SavedVersion } from '../../eventlog/read-headline.ts'
import type { StoredRecords } from '../archive.ts'

/** Members of a content that classify it and say nothing of a person or an event. */
const keptContent = ['urgency', 'section', 'lang', 'expiresAt'] as const
/** Members of a headline of the strip that are no words. */
const keptHeadline = [
  ...[
    'id',
    'version',
    'status',
    'place',
    'pinned',
    'publishedAt',
    'updatedAt',
    'corrected',
    'refiled',
    'breakingUntil',
  ],
  ...keptContent,
]
/** Members of a stored state that are no words and no hash of words. */
const keptState = [
  ...['version', 'status', 'createdAt', 'contentVersion', 'desk', 'pinned', 'publishedAt', 'expiresAt'],
  ...['place', 'shown', 'returned', 'corrected', 'refiled', 'breakingUntil'],
]

/** The records of a line without its words; status, times, acts and positions stay. */
export function storedWithoutWords(stored: StoredRecords): StoredRecords {
  const versions = Object.entries(stored.versions).flatMap(([field, value]): [string, string][] => {
    if (field === 'words') return [[field, '']]
    if (/^\d+:content$/.test(field)) return [[field, kept(value, keptContent)]]
    if (/^\d+$/.test(field)) return [[field, withoutReason(value)]]
    return /^\d+:(position|due)$/.test(field) ? [[field, value]] : []
  })
  return { ...stored, state: stateWithoutWords(stored.state), versions: Object.fromEntries(versions) }
}

/** A reason is free text, and often repeats the words. The audit has it for the time that its own policy says. */
function withoutReason(json: string): string {
  const saved = JSON.parse(json) as SavedVersion
  const { reason: _, ip: __, ...act } = saved.act
  return JSON.stringify({ ...saved, act })
}

function stateWithoutWords(json: string): string {
  const state = JSON.parse(kept(json, keptState)) as { desk?: unknown }
  if (typeof state.desk === 'string') {
    const { proposal: _, reason: __, ...desk } = JSON.parse(state.desk) as DeskState
    state.desk = JSON.stringify(desk)
  }
  return JSON.stringify(state)
}

/** A headline of a stored strip without its words. */
export function stripLineWithoutWords(json: string): string {
  return kept(json, keptHeadline)
}

function kept(json: string, members: readonly string[]): string {
  const all = JSON.parse(json) as Record<string, unknown>
  return JSON.stringify(Object.fromEntries(Object.entries(all).filter(([name]) => members.includes(name))))
}
