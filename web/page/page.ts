import { feedBoard } from './feed-board.ts'
import { showCommands } from './how-to-post.ts'
import { steadyClock } from './steady-clock.ts'

const FEEDS_EVERY_MS = 15_000
const TIMES_EVERY_MS = 10_000

const board = feedBoard({
  feeds: part('feeds'),
  notice: part('feeds-notice'),
  summary: part('summary'),
  now: steadyClock({ monotonic: () => performance.now(), wall: () => Date.now() }),
  wallClock: () => Date.now(),
  random: () => Math.random(),
})

showCommands({
  postCommand: part('post-command'),
  followCommand: part('follow-command'),
  copied: part('copied'),
  origin: location.origin,
})

const returned = (): void => {
  if (document.visibilityState !== 'visible') return
  board.nudge()
  void board.loadFeeds()
}

addEventListener('online', returned)
addEventListener('pageshow', ({ persisted }) => persisted && returned())
document.addEventListener('visibilitychange', returned)
setInterval(() => void board.loadFeeds(), FEEDS_EVERY_MS)
setInterval(() => board.refreshTimes(), TIMES_EVERY_MS)
await board.loadFeeds()

function part(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no #${id}`)
  return found
}
