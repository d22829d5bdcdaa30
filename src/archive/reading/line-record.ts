import { headlineRecord, type HeadlineRecord, type StoredState } from '../../eventlog/read-headline.ts'
import { headlineSummary, type HeadlineSummary } from '../../eventlog/read-summaries.ts'
import type { ArchivedLine } from '../archive.ts'

/** An archived headline as `readHeadline` of the event log gives one. */
export function recordOfLine({ id, stored, erased }: ArchivedLine): HeadlineRecord {
  const fields = new Map(Object.entries(stored.versions))
  const record = headlineRecord(id, stateOf(stored), null, fields)
  if (!erased) return record
  return { ...record, erased, versions: record.versions.map(({ content: _, ...version }) => version) }
}

/** An archived headline as `readSummaries` of the event log gives one. */
export function summaryOfLine({ id, stored, erased }: ArchivedLine): HeadlineSummary {
  const { versions } = stored
  const state = stateOf(stored)
  const [saved, content] = [versions[`${state.version}`], versions[`${state.contentVersion}:content`]]
  const summary = headlineSummary(id, state, null, saved, content)
  if (!erased) return summary
  const { content: _, contentVersion: __, ...withoutWords } = summary
  return { ...withoutWords, erased }
}

function stateOf({ state }: ArchivedLine['stored']): StoredState {
  return JSON.parse(state) as StoredState
}
