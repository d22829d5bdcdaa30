import { spawnTied } from '../../scripts/support/child-process.mjs'
import { freePort } from './cluster.ts'
import type { DrivenBrowser, DrivenPage } from './driven-browser.ts'
import { eventually } from './eventually.ts'
import { openScreen } from './open-screen.ts'

const READY_MS = 20_000
const TAB = '\uE004'

/** Debian's WebKit on a screen of its own, steered over W3C WebDriver. It has one page at a time. */
export async function openWebKit(driverPath: string): Promise<DrivenBrowser> {
  const screen = await openScreen()
  const port = await freePort()
  const env = { ...process.env, DISPLAY: screen.display }
  const driver = await spawnTied(driverPath, [`--port=${port}`], { env, stdio: 'ignore' })
  const ask = askAt(`http://127.0.0.1:${port}`)
  const stop = (): void => {
    driver.kill('SIGTERM')
    screen.close()
  }
  try {
    await eventually('WebKitWebDriver answers', READY_MS, () =>
      ask('GET', '/status').then(Boolean, () => false),
    )
    const { sessionId } = await ask<{ sessionId: string }>('POST', '/session', { capabilities: {} })
    const session = `/session/${sessionId}`
    await ask('POST', `${session}/window/rect`, { x: 0, y: 0, width: 1400, height: 900 })
    const keys = [
      { type: 'keyDown', value: TAB },
      { type: 'keyUp', value: TAB },
    ]
    const page: DrivenPage = {
      evaluate: (expression) =>
        ask('POST', `${session}/execute/sync`, { script: `return (${expression})`, args: [] }),
      pressTab: () =>
        ask('POST', `${session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions: keys }] }),
      close: () => ask('POST', `${session}/url`, { url: 'about:blank' }),
    }
    return {
      async open(url) {
        await ask('POST', `${session}/url`, { url })
        return page
      },
      async close() {
        await ask('DELETE', session)
        stop()
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

/** Sends a command of WebDriver and gives the value of its answer. */
function askAt(base: string) {
  return async <T = void>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(base + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    const { value } = (await answer.json()) as { value: T & { message?: string } }
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.message}`)
    return value
  }
}
