import './lines/lines.css'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { atLeast } from '../../src/protocol/lists/roles.ts'
import { isReleased } from '../../src/protocol/lists/statuses.ts'
import type { Headline } from '../sdk/types.ts'
import type { ApiClient, Session } from './platform/api-client.ts'
import { Composer } from './composer/composer.tsx'
import { useCommands, type Handlers } from './keys/running-commands.ts'
import { useEscape } from './keys/use-escape.ts'
import { ColleagueNotes } from './lines/colleague-notes.tsx'
import { actedOn } from './lines/acted-on.ts'
import { actsOfCommands } from './lines/acts-of-commands.ts'
import { actsOn, composerActs, opensForm, type LineAct } from './lines/line-act.ts'
import { LineActs } from './lines/line-acts.tsx'
import { lineToUndo } from './lines/line-to-undo.ts'
import { LineNotes } from './lines/line-notes.tsx'
import { useActs } from './lines/use-acts.ts'
import { useLine } from './lines/use-line.ts'
import { Health } from './health/health.tsx'
import { OutputsPanel } from './outputs/outputs-panel.tsx'
import { PartnerNotices } from './webhooks/partner-notices.tsx'
import { FeedStop } from './lines/feed-stop.tsx'
import { isGrouped, isOf, type DeskHeadline } from './lines/headline.ts'
import { LineColleagues } from './lines/line-colleagues.tsx'
import { LinePaintings } from './lines/line-paintings.tsx'
import { HeadlineList } from './lines/headline-list.tsx'
import { LiveStrip } from './lines/live-strip.tsx'
import { Receipts } from './lines/receipts.tsx'
import type { DoneAct } from './results/done-act.ts'
import { roleIn } from './lines/role-in.ts'
import { SavedReceipt } from './lines/saved-receipt.tsx'
import type { DeskFeed } from './platform/desk-feed.ts'
import { serverClock } from './platform/server-clock.ts'
import { useDeskStream } from './lines/use-desk-stream.ts'
import { useNewestReceipt } from './results/use-newest-receipt.ts'
import { useHeadlines } from './lines/use-feed-lists.ts'
import { usePresence } from './lines/use-presence.ts'
import { useStrip } from './lines/use-strip.ts'
import { useUndoWindows } from './lines/use-undo-windows.ts'
import { usePageTitle } from './platform/use-page-title.ts'

export interface FeedDeskProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: DeskFeed
}

const MOST_RECEIPTS = 10

/** The desk of one feed: the composer, the headlines that wait, the live strip, and the state of the service. */
export function FeedDesk({ api, session, feed }: FeedDeskProps) {
  const stream = useDeskStream(api, feed.id)
  const strip = useStrip(api, feed)
  const lists = useHeadlines(api, feed.id)
  const headlines = useMemo(() => waiting(lists.headlines, strip.lines), [lists.headlines, strip.lines])
  const undoMs = useUndoWindows(api, feed.id)
  const [done, setDone] = useState<readonly DoneAct[]>([])
  const receipt = useNewestReceipt(api, feed.id, stream.receipt, strip.lines)
  const readers = receipt?.gateways.reduce((sum, gateway) => sum + gateway.readers, 0)
  const offsetMs = strip.status?.clockOffsetMs ?? 0
  useEffect(() => serverClock.set(offsetMs), [offsetMs])
  const toApprove = headlines?.filter(({ mayApprove }) => mayApprove).length ?? 0
  usePageTitle('waiting', toApprove > 0 ? `(${toApprove}) ` : '')

  const keep = useCallback((act: DoneAct) => {
    setDone((before) => [act, ...before].slice(0, MOST_RECEIPTS))
  }, [])

  const [selected, setSelected] = useState<string>()
  const [opened, setOpened] = useState<LineAct>()
  /** The line that is open in the composer. */
  const [composed, setComposed] = useState<string>()
  /** The composer asks about the sending. */
  const [asks, setAsks] = useState(false)
  const leaveLine = useCallback(() => setComposed(undefined), [])
  const acts = useActs(api, { feed: feed.id, person: session.person, onDone: keep })
  const line = useLine(api, feed.id, selected, acts)

  const colleagues = usePresence(api, session, feed.id, {
    headline: composed ?? selected,
    version: line.record?.version,
    doing:
      opened !== undefined || (composed !== undefined && asks)
        ? 'deciding'
        : composed !== undefined
          ? 'editing'
          : 'reading',
  })

  const role = roleIn(session, feed.id)
  const isEditor = atLeast(role, 'editor')

  function openForm(act: LineAct | undefined): void {
    if (act !== undefined && composerActs.has(act)) setComposed(selected)
    else setOpened(act)
  }

  /** The commands of the acts that the selected line allows. */
  function commandsOfLine(): Handlers {
    const { record } = line
    if (!record) return {}
    const on = actedOn(record, atLeast(role, 'chief'))
    const allowed = actsOn(on)
    const commands = Object.entries(actsOfCommands).map(([name, wanted]) => {
      const act = allowed.find((each) => wanted.includes(each))
      return [name, act && (() => (opensForm(act, on) ? openForm(act) : line.act(act)))]
    })
    return Object.fromEntries(commands) as Handlers
  }

  function undoOf(it: DeskHeadline): (() => void) | undefined {
    const may = it.status === 'due' && (isEditor || isOf(it, session.person))
    return may ? () => acts.act(it, 'undo') : undefined
  }

  function undo(): (() => void) | undefined {
    const look = { person: session.person, now: serverClock.now(), undoMs }
    const wanted = lineToUndo({ headlines: headlines ?? [], selected, done }, look)
    return wanted && undoOf(wanted)
  }

  useCommands({
    new: () => {
      setComposed(undefined)
      document.querySelector<HTMLElement>('[data-composer]')?.focus()
    },
    next: () => moveTo(1),
    previous: () => moveTo(-1),
    undo: () => undo()?.(),
    ...commandsOfLine(),
  })
  useEscape(() => setOpened(undefined))

  const listed = useMemo(() => new Set(headlines?.filter(isGrouped).map(({ id }) => id)), [headlines])
  const isListed = (id: string) => listed.has(id)
  const isShown = (id: string) => isListed(id) || strip.lines?.some((each) => each.id === id) === true
  const noted = new Set([
    selected,
    ...colleagues.present.map(({ headline }) => headline),
    ...acts.failed.map(({ wish }) => wish.id),
    ...done.map(({ id }) => id),
  ])
  const selection = {
    selected,
    onSelect(id: string) {
      setOpened(undefined)
      setSelected(id === selected ? undefined : id)
    },
    acts: (
      <LineActs
        api={api}
        feed={feed}
        line={line}
        opened={opened}
        onOpen={openForm}
        readers={readers}
        mayLift={atLeast(role, 'chief')}
        colleagues={
          selected !== undefined && <LineColleagues session={session} feed={feed.id} id={selected} />
        }
        shown={
          line.record?.publishedAt !== undefined && (
            <>
              {!done.some(({ id }) => id === selected) && (
                <SavedReceipt api={api} feed={feed.id} id={line.record.id} counts={stream.counts} />
              )}
              <LinePaintings api={api} feed={feed.id} id={line.record.id} />
            </>
          )
        }
      />
    ),
    notes: (id: string) =>
      noted.has(id) ? (
        <>
          <ColleagueNotes
            id={id}
            colleagues={colleagues}
            isSelected={id === selected}
            version={line.record?.version}
          />
          <LineNotes id={id} acts={acts} done={done} counts={stream.counts} />
        </>
      ) : null,
  }

  return (
    <div className="columns">
      <section className="column column-list" aria-labelledby="list-title">
        <div className="column-head">
          <h2 id="list-title">
            <FormattedMessage id="list.title" />
          </h2>
          {atLeast(role, 'chief') && <FeedStop api={api} feed={feed} />}
        </div>
        <HeadlineList
          feed={feed}
          headlines={headlines}
          hasMore={lists.hasMore}
          look={{ person: session.person, undoMs }}
          undoOf={undoOf}
          isSending={acts.sending !== undefined}
          {...selection}
        />
      </section>
      <section className="column column-strip" aria-labelledby="strip-title">
        <Composer
          api={api}
          session={session}
          feed={feed}
          readers={readers}
          open={composed}
          onDone={keep}
          onClose={leaveLine}
          onAsk={setAsks}
        />
        <Receipts
          feed={feed}
          acts={done}
          counts={stream.counts}
          failed={acts.failed.filter(({ wish }) => !isShown(wish.id))}
          onAgain={acts}
        />
        <h2 id="strip-title">
          <FormattedMessage id="strip.title" />
        </h2>
        {/* A correction that waits stands in both lists: its acts show once. */}
        <LiveStrip
          feed={feed}
          strip={strip}
          {...selection}
          selected={selected !== undefined && isListed(selected) ? undefined : selected}
        />
      </section>
      <section className="column column-health" aria-labelledby="health-title">
        <h2 id="health-title">
          <FormattedMessage id="health.title" />
        </h2>
        <Health api={api} stream={{ ...stream, receipt }} />
        <OutputsPanel api={api} feed={feed} lines={strip.lines} readers={readers} />
        {isEditor && <PartnerNotices api={api} feed={feed.id} />}
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

/** Without the lines that have come out since the list was read: most often the list itself. */
function waiting(
  headlines: readonly DeskHeadline[] | undefined,
  live: readonly Headline[] | undefined,
): readonly DeskHeadline[] | undefined {
  const ids = new Set(live?.map(({ id }) => id))
  const isWaiting = ({ id, status }: DeskHeadline) => isReleased(status) || !ids.has(id)
  return headlines?.every(isWaiting) ? headlines : headlines?.filter(isWaiting)
}
