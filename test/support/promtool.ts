import { fetchDebianTool, isDebianLike } from '../../scripts/support/debian-package.mjs'
import { findOnPath } from '../../scripts/support/host.mjs'

/** Libraries of Prometheus's own pages, which promtool does not need. */
const pages = [
  ...['libjs-bootstrap4', 'libjs-eonasdan-bootstrap-datetimepicker', 'libjs-jquery', 'libjs-jquery-hotkeys'],
  ...['libjs-moment', 'libjs-moment-timezone', 'libjs-mustache', 'libjs-popper.js', 'libjs-rickshaw'],
]

/** The one on PATH, else the one of Debian's package; undefined where the computer has none and can fetch none. */
export async function findPromtool(): Promise<{ binary: string; env: object } | undefined> {
  const onPath = await findOnPath(['promtool'])
  if (onPath !== undefined) return { binary: onPath, env: {} }
  if (!(await isDebianLike())) return undefined
  return fetchDebianTool({ packages: ['prometheus'], binary: 'promtool', without: pages }).catch(
    () => undefined,
  )
}
