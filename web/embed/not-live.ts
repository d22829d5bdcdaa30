/** For the script of the element to come. */
const DEFINED_LIMIT_MS = 10_000
const ANSWER_LIMIT_MS = 10_000
/** A withdrawn line may stand no longer than that where nothing takes it away. */
const READ_AGAIN_MS = 60_000
const SPREAD_MS = 15_000

/** Whether the element will keep the lines live: it is defined, and this page may read. */
export async function isLive(feed: string): Promise<boolean> {
  return (await pageMayRead(feed)) && (await elementIsDefined())
}

/** The page itself is read anew, with the lines as they then are: where the server can be reached, and it is seen. */
export async function readAgainAndAgain(): Promise<void> {
  for (;;) {
    await pause(READ_AGAIN_MS + Math.random() * SPREAD_MS)
    await seen()
    if (await serverAnswers()) location.reload()
  }
}

async function elementIsDefined(): Promise<boolean> {
  const defined = customElements.whenDefined('flashline-ticker').then(() => true)
  return Promise.race([defined, pause(DEFINED_LIMIT_MS).then(() => false)])
}

/** A sandbox without `allow-same-origin` takes the page's origin away: then the operator's list decides. */
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

async function seen(): Promise<void> {
  while (document.visibilityState !== 'visible')
    await new Promise<void>((resolve) => {
      const changed = () => resolve()
      document.addEventListener('visibilitychange', changed, { once: true })
    })
}

function limit(): AbortSignal {
  return AbortSignal.timeout(ANSWER_LIMIT_MS)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
