import { isLive, keepReloading } from './not-live.ts'
import { sendHeight } from './send-height.ts'

/** The largest heights of a frame. A single-row frame stays low while it still shows the lines as a list. */
const MAX_PX = { list: 2_000, row: 160 }

const ticker = document.querySelector('flashline-ticker')
const content = document.getElementById('frame')
const notLive = document.getElementById('not-live')

if (ticker && content && notLive) {
  notLive.hidden = true
  // Set before the element is defined. `location.origin` names the server in a sandbox too.
  ticker.setAttribute('src', location.origin)
  sendHeight(content, document.documentElement.dataset.mode === 'list' ? MAX_PX.list : MAX_PX.row)
  void isLive(ticker.getAttribute('feed') ?? '').then((live) => {
    notLive.hidden = live
    if (!live) void keepReloading(1_000 * Number(content.dataset.reloadS))
  })
}
