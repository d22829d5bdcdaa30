import { FormattedDate, FormattedMessage } from 'react-intl'
import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import { ChangedWords } from '../platform/changed-words.tsx'
import { fieldChanges, type LineContent } from './field-changes.ts'

export interface LineVersion {
  readonly version: number
  readonly action: Action
  readonly savedAt: string
  readonly position?: string
  readonly act: {
    readonly by: string
    readonly name?: string
    readonly reason?: string
    readonly ip?: string
  }
  /** A removal has only its note. */
  readonly content?: Partial<LineContent>
}

export interface VersionListProps {
  readonly feed: FeedTitle
  /** Oldest first. */
  readonly versions: readonly LineVersion[]
}

/** The acts on a line, newest first, each with what it changed. */
export function VersionList({ feed, versions }: VersionListProps) {
  return (
    <ol className="rows" data-versions>
      {versions
        .map((version, at) => (
          <VersionRow
            key={version.version}
            feed={feed}
            version={version}
            before={wordsBefore(versions, at)}
          />
        ))
        .reverse()}
    </ol>
  )
}

function wordsBefore(versions: readonly LineVersion[], at: number): Partial<LineContent> | undefined {
  const before = versions.slice(0, at).filter(({ content }) => content?.text !== undefined)
  return before.at(-1)?.content
}

interface VersionRowProps {
  readonly feed: FeedTitle
  readonly version: LineVersion
  readonly before: Partial<LineContent> | undefined
}

function VersionRow({
  feed,
  version: { version, action, savedAt, position, act, content },
  before,
}: VersionRowProps) {
  const changes = before && content?.text !== undefined ? fieldChanges(before, content) : []
  return (
    <li className="row" data-version={version}>
      <span className="row-facts">
        <span className="table-number">{version}</span>
        <strong>
          <FormattedMessage id={`action.${action}`} />
        </strong>
        <bdi>{act.name ?? act.by}</bdi>
        <time dateTime={savedAt}>
          <FormattedDate value={savedAt} dateStyle="medium" timeStyle="medium" />
        </time>
        {position !== undefined && <bdi dir="ltr">{position}</bdi>}
        {act.ip !== undefined && <bdi dir="ltr">{act.ip}</bdi>}
      </span>
      {content?.text !== undefined && (
        <span className="row-text" lang={feed.lang} dir={feed.dir}>
          {before?.text === undefined ? (
            <bdi>{content.text}</bdi>
          ) : (
            <ChangedWords before={before.text} after={content.text} lang={feed.lang} />
          )}
        </span>
      )}
      {changes.map(({ field, from, to }) => (
        <span key={field} className="row-reason">
          <FormattedMessage id={`field.${field}`} />: <del>{from}</del> <ins>{to}</ins>
        </span>
      ))}
      {content?.note !== undefined && (
        <span className="row-reason">
          <FormattedMessage id="archive.note" /> <bdi>{content.note}</bdi>
        </span>
      )}
      {act.reason !== undefined && (
        <span className="row-reason">
          <FormattedMessage id="archive.reason" /> <bdi>{act.reason}</bdi>
        </span>
      )}
    </li>
  )
}
