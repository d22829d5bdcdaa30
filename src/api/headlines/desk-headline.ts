import type { DeskActor, DeskHeadline } from '../../desk/desk-headline.ts'
import { contentOf, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import type { Content } from '../../protocol/headline.ts'
import type { Principal } from '../http/principal.ts'

const NO_CONTENT: Content = { text: '', urgency: 'bulletin', regions: [], tags: [] }

/**
 * A headline as the newsroom's rules see it. A headline that an early version of the service has stored has no authors.
 */
export function deskHeadline(record: HeadlineRecord): DeskHeadline {
  const { version, status, desk, releaseAt, publishedAt, pinned, attention } = record
  return {
    version,
    status,
    content: record.content ?? contentOf(record, version) ?? NO_CONTENT,
    desk: desk ?? { createdBy: '', authors: [] },
    ...(releaseAt !== undefined && { dueAt: Date.parse(releaseAt) }),
    ...(publishedAt !== undefined && { publishedAt: Date.parse(publishedAt) }),
    ...(pinned && { pinned }),
    ...(attention && { needsAttention: true }),
  }
}

export function deskActor({ person, secondFactor, ...who }: Principal, feed: string): DeskActor {
  return { person, role: who.roleIn(feed), secondFactor }
}
