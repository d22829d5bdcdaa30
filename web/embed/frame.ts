import { isLive, readAgainAndAgain } from './not-live.ts'
import { tellHeight } from './tell-height.ts'

/** What a frame may grow to; one of a single row stays small even while it shows the lines as a list. */
const MOST_PX = { list: 2_000, row: 160 }

const ticker = document.querySelector('flashline-ticker')
const content = document.getElementById('frame')
const notLive = document.getElementById('not-live')

if (ticker && content && notLive) {
  notLive.hidden = true
  // Runs before the element is defined. In a sandbox without an origin this still names the server.
  ticker.setAttribute('src', location.origin)
  tellHeight(content, document.documentElement.dataset.mode === 'list' ? MOST_PX.list : MOST_PX.row)
  void isLive(ticker.getAttribute('feed') ?? '').then((live) => {
    notLive.hidden = live
    if (!live) void readAgainAndAgain()
  })
}
