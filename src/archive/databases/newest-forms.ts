import type { ArchivedLine } from '../archive.ts'

/** One statement may write each line once. */
export function newestForms(lines: readonly ArchivedLine[]): ArchivedLine[] {
  const forms = new Map<string, ArchivedLine>()
  for (const line of lines) {
    const key = `${line.feed} ${line.id}`
    if (line.version >= (forms.get(key)?.version ?? 0)) forms.set(key, line)
  }
  return [...forms.values()]
}
