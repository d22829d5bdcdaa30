import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { ActForm, takesWords } from './act-form.tsx'
import { StartEdition } from './start-edition.tsx'
import { FlashQuestion } from '../platform/flash-question.tsx'
import { actsOn, opensForm, type LineAct } from './line-act.ts'
import { actedOn } from './acted-on.ts'
import { EmbargoQuestion } from './embargo-question.tsx'
import { embargoAhead } from '../platform/embargo-ahead.ts'
import { serverClock } from '../platform/server-clock.ts'
import { TextChange } from './text-change.tsx'
import { earlierWords, outgoingWords, type Line, type LineRecord } from './use-line.ts'

export interface LineActsProps {
  readonly api: ApiClient
  readonly feed: FeedTitle
  readonly line: Line
  /** The act whose form is open. */
  readonly opened: LineAct | undefined
  readonly onOpen: (act: LineAct | undefined) => void
  /** Readers of the feed, once a release has counted them. */
  readonly readers: number | undefined
  /** The person may lift an embargo. */
  readonly mayLift: boolean
  /** The colleagues at the line. */
  readonly colleagues: ReactNode
  /** Figures of the line that stand above its acts. */
  readonly shown?: ReactNode
}

/** The acts that the person may do on the selected line, and the form of one of them. */
export function LineActs({
  api,
  feed,
  line,
  opened,
  onOpen,
  readers,
  mayLift,
  colleagues,
  shown,
}: LineActsProps) {
  const { record } = line
  if (!record) return null
  const words = outgoingWords(record)
  const embargoEnd = embargoAhead(record, serverClock.now())
  const on = actedOn(record, mayLift)
  const allowed = actsOn(on)
  const before = allowed.includes('approve') || allowed.includes('return') ? earlierWords(record) : undefined
  const form = opened !== undefined && allowed.includes(opened) ? opened : undefined
  const close = () => onOpen(undefined)

  function send(act: LineAct, body?: object): void {
    line.act(act, body)
    close()
  }

  return (
    <div className="line-acts">
      {shown}
      {before !== undefined && words && <TextChange feed={feed} before={before} after={words.text} />}
      <div className="line-buttons">
        {allowed.map((act) => (
          <Button
            key={act}
            size="xs"
            variant={act === 'approve' ? 'filled' : 'default'}
            disabled={line.isSending}
            aria-expanded={opensForm(act, on) ? opened === act : undefined}
            onClick={() => (opensForm(act, on) ? onOpen(opened === act ? undefined : act) : line.act(act))}
          >
            <FormattedMessage id={`act.${act}`} />
          </Button>
        ))}
      </div>
      {form === 'release' && embargoEnd !== undefined ? (
        <EmbargoQuestion
          feed={feed}
          text={words?.text ?? ''}
          until={embargoEnd}
          readers={readers}
          onSend={() => send(form, { embargoUntil: null })}
          onClose={close}
        >
          {colleagues}
        </EmbargoQuestion>
      ) : form === 'approve' || form === 'release' ? (
        <FlashQuestion
          feed={feed}
          text={words?.text ?? ''}
          speaker={words?.speaker}
          releaseAt={form === 'approve' ? waitsUntil(record, embargoEnd) : undefined}
          readers={readers}
          onSend={() => send(form)}
          onClose={close}
        >
          {colleagues}
        </FlashQuestion>
      ) : (
        form &&
        takesWords(form) && (
          <ActForm
            key={`${record.id} ${form}`}
            api={api}
            feed={feed}
            record={record}
            act={form}
            onSend={(body) => send(form, body)}
            onClose={close}
          />
        )
      )}
      <div className="line-ways">
        <a href={`#/archive/${record.id}`}>
          <FormattedMessage id="archive.line" />
        </a>
        <StartEdition key={record.id} api={api} feed={feed.id} record={record} />
      </div>
    </div>
  )
}

/** The time for which an approved line waits; undefined: it goes out at once. */
function waitsUntil({ status, desk }: LineRecord, embargoEnd = 0): number | undefined {
  const at = status === 'pending' ? Math.max(desk?.releaseAt ?? 0, embargoEnd) : 0
  return at > serverClock.now() ? at : undefined
}
