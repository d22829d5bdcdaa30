import { once } from 'node:events'
import { spawnTied } from '../../scripts/support/child-process.mjs'

const READY_MS = 20_000

export interface Screen {
  /** For the variable DISPLAY. */
  readonly display: string
  readonly close: () => void
}

/** A screen that nobody sees, for browsers that need one. */
export async function openScreen(): Promise<Screen> {
  const args = ['-displayfd', '1', '-screen', '0', '1400x900x24', '-nolisten', 'tcp']
  const xvfb = await spawnTied('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const signal = AbortSignal.timeout(READY_MS)
  const [number] = (await once(xvfb.stdout!, 'data', { signal })) as [Buffer]
  return { display: `:${String(number).trim()}`, close: () => void xvfb.kill('SIGTERM') }
}
