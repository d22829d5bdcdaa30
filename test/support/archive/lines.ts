import { createHash } from 'node:crypto'
import type { ArchivedAuditEntry, ArchivedLine, NewEvent } from '../../../src/archive/archive.ts'
import { indexTerms } from '../../../src/desk/words.ts'
import type { HeadlineQuery } from '../../../src/eventlog/find-headlines.ts'
import { newId } from '../changes.ts'

/** 1 January 2026. */
export const NEW_YEAR = 1_767_225_600_000

export const everything: HeadlineQuery = { statuses: [], words: [], attention: false }

/** A line of one version as the worker moves it. */
export function lineWith(text: string, change: Partial<ArchivedLine> = {}): ArchivedLine {
  const { createdAt = NEW_YEAR, version = 1, status = 'expired' } = change
  const content = { text, urgency: 'bulletin', regions: [], tags: ['harbour'], source: 'Reuters' }
  const act = { by: 'user:u_ann', person: 'u_ann', name: 'Ann' }
  const desk = { createdBy: 'u_ann', authors: ['u_ann'], reason: `not before ${text} is checked` }
  return {
    feed: 'en',
    id: newId(),
    createdAt,
    endedAt: createdAt + 60_000,
    status,
    version,
    authors: ['u_ann'],
    words: indexTerms(text),
    stored: {
      state: JSON.stringify({ version, status, createdAt, textHash: text, desk: JSON.stringify(desk) }),
      versions: {
        '1': JSON.stringify({ version: 1, action: 'publish', savedAt: '2026-01-01T00:00:00.000Z', act }),
        '1:content': JSON.stringify(content),
        '1:position': 'e1:1',
        '1:due': String(createdAt),
        words: indexTerms(text).join(' '),
      },
      released: createdAt,
      receipts: { 'e1:1': { g1: '{"sent":3}' } },
    },
    ...change,
  }
}

/** An entry of `n`, a second after the one before. */
export function auditEntry(n: number, address = `192.0.2.${n}`): ArchivedAuditEntry {
  const act = { by: 'user:u_ann', person: 'u_ann', name: 'Ann', reason: 'checked', ip: address }
  const json = JSON.stringify({ n, at: new Date(NEW_YEAR + n * 1000).toISOString(), action: 'publish', act })
  return { n, chain: sha1(json), json }
}

export function eventOfLine(seq: number, headline: string, at = NEW_YEAR + seq * 1000): NewEvent {
  const position = `e1:${seq}`
  const frame = JSON.stringify({
    type: 'event',
    position,
    op: 'publish',
    headline: { id: headline, text: 'fire' },
  })
  return { position, at, headline, chain: sha1(frame), frame }
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
