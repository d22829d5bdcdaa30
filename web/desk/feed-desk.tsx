import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { isReleased } from '../../src/protocol/lists/statuses.ts'
import type { FeedTitle, Headline } from '../sdk/types.ts'
import type { ApiClient, Session } from './platform/api-client.ts'
import { Composer } from './composer/composer.tsx'
import { useCommands, type Handlers } from './keys/running-commands.ts'
import { useEscape } from './keys/use-escape.ts'
import { actsOfCommands, composerActs, formActs, type LineAct } from './lines/line-act.ts'
import { LineActs } from './lines/line-acts.tsx'
import { useLine } from './lines/use-line.ts'
import { Health } from './health/health.tsx'
import type { DeskHeadline } from './lines/headline.ts'
import { HeadlineList } from './lines/headline-list.tsx'
import { LiveStrip } from './lines/live-strip.tsx'
import { Receipts, type DoneAct } from './lines/receipts.tsx'
import { useDeskStream } from './health/use-desk-stream.ts'
import { useHeadlines } from './lines/use-feed-lists.ts'
import { useStrip } from './lines/use-strip.ts'

export interface FeedDeskProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
}

const MOST_RECEIPTS = 10

/** The desk of one feed: the composer, the headlines that wait, the live strip, and the state of the service. */
export function FeedDesk({ api, session, feed }: FeedDeskProps) {
  const stream = useDeskStream(api, feed.id)
  const strip = useStrip(feed.id)
  const headlines = waiting(useHeadlines(api, feed.id), strip.lines)
  const [acts, setActs] = useState<readonly DoneAct[]>([])
  const readers = stream.receipt?.gateways.reduce((sum, gateway) => sum + gateway.readers, 0)

  function keep(act: DoneAct): void {
    setActs((before) => [act, ...before].slice(0, MOST_RECEIPTS))
  }

  const [selected, setSelected] = useState<string>()
  const [opened, setOpened] = useState<LineAct>()
  /** The line that is open in the composer. */
  const [composed, setComposed] = useState<string>()
  const line = useLine(api, feed.id, selected, keep)

  function openForm(act: LineAct | undefined): void {
    if (act !== undefined && composerActs.has(act)) setComposed(selected)
    else setOpened(act)
  }

  /** The commands of the acts that the selected line allows. */
  function commandsOfLine(): Handlers {
    const commands = Object.entries(actsOfCommands).map(([name, acts]) => {
      const act = acts.find((each) => line.record?.allowed.includes(each))
      return [name, act && (() => (formActs.has(act) ? openForm(act) : line.act(act)))]
    })
    return Object.fromEntries(commands) as Handlers
  }

  useCommands({
    new: () => {
      setComposed(undefined)
      document.querySelector<HTMLElement>('[data-composer]')?.focus()
    },
    next: () => moveTo(1),
    previous: () => moveTo(-1),
    ...commandsOfLine(),
  })
  useEscape(() => setOpened(undefined))

  // A correction that waits stands in both lists: its acts show once.
  const isListed = headlines?.some(({ id }) => id === selected)
  const selection = {
    selected,
    onSelect(id: string) {
      setOpened(undefined)
      setSelected(id === selected ? undefined : id)
    },
    acts: <LineActs feed={feed} line={line} opened={opened} onOpen={openForm} />,
  }

  return (
    <div className="columns">
      <section className="column column-list" aria-labelledby="list-title">
        <h2 id="list-title">
          <FormattedMessage id="list.title" />
        </h2>
        <HeadlineList feed={feed} headlines={headlines} {...selection} />
      </section>
      <section className="column column-strip" aria-labelledby="strip-title">
        <Composer
          api={api}
          session={session}
          feed={feed}
          readers={readers}
          open={composed}
          onDone={keep}
          onClose={() => setComposed(undefined)}
        />
        <Receipts feed={feed} acts={acts} counts={stream.counts} />
        <h2 id="strip-title">
          <FormattedMessage id="strip.title" />
        </h2>
        <LiveStrip feed={feed} strip={strip} {...selection} selected={isListed ? undefined : selected} />
      </section>
      <section className="column column-health" aria-labelledby="health-title">
        <h2 id="health-title">
          <FormattedMessage id="health.title" />
        </h2>
        <Health api={api} stream={stream} />
      </section>
    </div>
  )
}

/** Moves to the next or previous line on the page, and selects it. */
function moveTo(step: 1 | -1): void {
  const rows = Array.from(document.querySelectorAll<HTMLElement>('.row-open'))
  const at = rows.findIndex((row) => row.getAttribute('aria-expanded') === 'true')
  const next = rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step]
  next?.focus()
  next?.click()
}

/** Without the lines that have come out since the list was read. */
function waiting(
  headlines: readonly DeskHeadline[] | undefined,
  live: readonly Headline[] | undefined,
): readonly DeskHeadline[] | undefined {
  const ids = new Set(live?.map(({ id }) => id))
  return headlines?.filter(({ id, status }) => isReleased(status) || !ids.has(id))
}
