import { keep, recall } from './cache.ts'
import { openConnection } from './open-connection.ts'
import type { Environment } from './environment.ts'
import { inOrder } from './strip.ts'
import type { Connection, ConnectOptions, Notices, Status } from './types.ts'
import type { Lead, Show, FeedAddress, ShownFeed } from './view.ts'

/** One feed, shared by all of its subscribers in this page. */
export interface SharedFeed {
  readonly view: () => ShownFeed
  readonly lines: () => Connection['strip']
  /** The listeners of each subscriber. */
  readonly audience: Set<Listeners>
  close(): void
}

export type Listeners = { readonly [Name in keyof Notices]: Set<(notice: Notices[Name]) => void> }

export function openFeed(environment: Environment, target: FeedAddress, options: ConnectOptions): SharedFeed {
  const { wallClock } = environment
  const { cache, shareAcrossTabs } = options
  const ended = new AbortController()
  const audience = new Set<Listeners>()
  let view = recall(cache, target, { status: { state: 'connecting', since: wallClock(), malformed: 0 } })
  let lines = view.strip && inOrder(view.strip)
  let running: AbortController | undefined

  const show: Show = (next, event) => {
    const { strip, status } = view
    view = next
    if (next.strip && next.strip !== strip) {
      lines = inOrder(next.strip)
      // Stored at once, so that a headline that is withdrawn now does not show at the next visit.
      save()
      notify('strip', lines)
    }
    if (event) notify('event', event)
    if (said(next.status) !== said(status)) notify('status', next.status)
  }

  function notify<Name extends keyof Notices>(name: Name, notice: Notices[Name]): void {
    for (const listeners of audience)
      for (const listener of listeners[name]) {
        try {
          listener(notice)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
  }

  function save(): void {
    keep(cache, target, view, wallClock())
  }

  const lead: Lead = (show, signal) => {
    if (!signal.aborted) openConnection(environment, target, view, show, signal)
  }

  function start(): void {
    if (running) return
    running = new AbortController()
    const { signal } = running
    if (shareAcrossTabs)
      import('./tabs.ts')
        .then(({ shareTabs }) => shareTabs(environment, target.key, () => view, show, lead, signal))
        // Without locks this tab opens a connection of its own.
        .catch(() => lead(show, signal))
    else lead(show, signal)
  }

  function stop(): void {
    running?.abort()
    running = undefined
    save()
  }

  // A page in the back-forward cache and a frozen tab may hold no socket and no lock.
  for (const type of ['pagehide', 'freeze']) environment.addEventListener?.(type, stop, ended)
  for (const type of ['pageshow', 'resume']) environment.addEventListener?.(type, start, ended)
  start()
  return {
    audience,
    view: () => view,
    lines: () => lines,
    close() {
      stop()
      ended.abort()
    },
  }
}

/** Equal for equal statuses. The clock offset is left out, since each measurement changes it a little. */
function said(status: Status): string {
  return JSON.stringify({ ...status, clockOffsetMs: 0 })
}
