/** Longest wait for the element's script. */
const DEFINE_LIMIT_MS = 10_000
const ANSWER_LIMIT_MS = 10_000
/** Longest time for which a withdrawn line may show in a frame that is not live. */
const RELOAD_MS = 60_000
const RELOAD_JITTER_MS = 15_000
/** A hidden page looks so often whether it is visible. */
const LOOK_MS = 2_000

/** Whether the lines are live: the element is defined, and this page may read the feed. */
export async function isLive(feed: string): Promise<boolean> {
  return (await pageMayRead(feed)) && (await elementIsDefined())
}

/**
 * Reloads the page about once a minute to update its lines, while it is visible and the server answers.
 *
 * @param firstMs sooner than after a minute if the label of a line ends sooner
 */
export async function keepReloading(firstMs = RELOAD_MS): Promise<void> {
  for (let waitMs = firstMs; ; waitMs = RELOAD_MS) {
    await pause(waitMs + Math.random() * Math.min(waitMs, RELOAD_JITTER_MS))
    await untilVisible()
    if (await serverAnswers()) location.reload()
  }
}

async function elementIsDefined(): Promise<boolean> {
  const defined = customElements.whenDefined('flashline-ticker').then(() => true)
  return Promise.race([defined, pause(DEFINE_LIMIT_MS).then(() => false)])
}

/**
 * Whether the page may read. In a sandbox without `allow-same-origin` its origin is "null", which may not be allowed.
 */
async function pageMayRead(feed: string): Promise<boolean> {
  if (self.origin !== 'null') return true
  try {
    const answer = await fetch(`/v1/feeds/${feed}`, { method: 'HEAD', signal: limit() })
    return answer.ok
  } catch {
    return false
  }
}

async function serverAnswers(): Promise<boolean> {
  try {
    await fetch(location.href, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', signal: limit() })
    return true
  } catch {
    return false
  }
}

/** Looks again and again: the event of a change may be missed, as with a page that comes back from the browser's cache. */
async function untilVisible(): Promise<void> {
  while (document.visibilityState !== 'visible') await pause(LOOK_MS)
}

function limit(): AbortSignal {
  return AbortSignal.timeout(ANSWER_LIMIT_MS)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
