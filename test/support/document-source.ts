import type { LiveHeadline } from '../../src/protocol/headline.ts'
import type { TakenBack } from '../../src/protocol/taken-back.ts'
import type { DocumentSource } from '../../src/syndication/document-source.ts'

/** 22 characters that begin with a name. */
export function idOf(name: string): string {
  return name.padEnd(22, '0')
}

/** A headline that shows; `place` gives its minute. */
export function lineOf(name: string, place: number, more: Partial<LiveHeadline> = {}): LiveHeadline {
  const publishedAt = minute(place)
  return {
    id: idOf(name),
    version: 1,
    status: 'live',
    place,
    publishedAt,
    updatedAt: publishedAt,
    text: `Text of ${name}`,
    urgency: 'bulletin',
    regions: [],
    tags: [],
    ...more,
  }
}

export function takenBackOf(name: string, status: TakenBack['status'], place: number): TakenBack {
  return {
    id: idOf(name),
    version: 2,
    status,
    place,
    publishedAt: minute(place),
    updatedAt: minute(place + 30),
  }
}

/** A time of an afternoon. */
export function minute(count: number): string {
  return new Date(Date.UTC(2026, 9, 5, 12, count)).toISOString()
}

export function sourceOf(more: Partial<DocumentSource> = {}): DocumentSource {
  return {
    feed: { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' },
    lines: [],
    takenBack: [],
    site: 'https://news.example',
    self: '/feeds/en/feed.json',
    changedAt: minute(59),
    ...more,
  }
}
