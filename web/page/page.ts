import type { FeedTitle } from '../../src/protocol/feed.ts'
import { feedBoard } from './feed-board.ts'
import { showCommands, wireCopyButtons } from './how-to-post.ts'

const FEEDS_EVERY_MS = 15_000
const TIMES_EVERY_MS = 10_000

const commandParts = {
  postCommand: part('post-command'),
  followCommand: part('follow-command'),
  copied: part('copied'),
}

const board = feedBoard({
  feeds: part('feeds'),
  notice: part('feeds-notice'),
  summary: part('summary'),
  wallClock: () => Date.now(),
  onFeeds: (feeds) => showCommands(commandParts, location.origin, feedToPostTo(feeds)),
})

wireCopyButtons(commandParts)

const reloadIfVisible = (): void => {
  if (document.visibilityState === 'visible') void board.loadFeeds()
}

addEventListener('online', reloadIfVisible)
addEventListener('pageshow', ({ persisted }) => persisted && reloadIfVisible())
document.addEventListener('visibilitychange', reloadIfVisible)
setInterval(() => void board.loadFeeds(), FEEDS_EVERY_MS)
setInterval(() => board.refreshTimes(), TIMES_EVERY_MS)
await board.loadFeeds()

/** The English feed if there is one, since the example in the command is English. */
function feedToPostTo(feeds: readonly FeedTitle[]): string {
  return (feeds.find(({ id }) => id === 'en') ?? feeds[0])?.id ?? 'en'
}

function part(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no #${id}`)
  return found
}
