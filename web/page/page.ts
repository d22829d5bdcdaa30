import { feedBoard } from './feed-board.ts'

const FEEDS_EVERY_MS = 15_000
const TIMES_EVERY_MS = 10_000
const LABELS_EVERY_MS = 1_000

const board = feedBoard({
  feeds: part('feeds'),
  choice: part('choice'),
  notice: part('feeds-notice'),
  summary: part('summary'),
  announcement: part('announcement'),
  wallClock: () => Date.now(),
})

const reloadIfVisible = (): void => {
  if (document.visibilityState === 'visible') void board.loadFeeds()
}

addEventListener('online', reloadIfVisible)
addEventListener('pageshow', ({ persisted }) => persisted && reloadIfVisible())
addEventListener('hashchange', () => board.markChoice())
document.addEventListener('visibilitychange', reloadIfVisible)
setInterval(() => void board.loadFeeds(), FEEDS_EVERY_MS)
setInterval(() => board.refreshTimes(), TIMES_EVERY_MS)
setInterval(() => board.endLabels(), LABELS_EVERY_MS)
await board.loadFeeds()

function part(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no #${id}`)
  return found
}
