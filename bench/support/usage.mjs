/** CPU time and memory of a process, as Linux counts them. */
import { readFile } from 'node:fs/promises'

/** Linux reports CPU time in 1/100 s, independent of the kernel's tick. */
const tickMs = 10

/**
 * @typedef {{ atMs: number, cpuMs: number, userMs: number, rssKb: number }} Usage
 *
 * @param {number} pid
 * @returns {Promise<Usage>} user and system time of all threads of the process
 */
export async function usageOf(pid) {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ])
  // The process name, in brackets, may contain any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    atMs: performance.now(),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    userMs: Number(fields[11]) * tickMs,
    rssKb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0),
  }
}

/**
 * Busy time and total time of a core, in ms since the machine started.
 *
 * @param {number | undefined} core undefined: all cores together
 */
export async function coreTimes(core) {
  const stat = await readFile('/proc/stat', 'utf8')
  const line = stat.split('\n').find((text) => text.startsWith(`cpu${core ?? ''} `)) ?? ''
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, steal = 0] = line
    .trim()
    .split(/ +/)
    .slice(1)
    .map((ticks) => Number(ticks) * tickMs)
  const busy = user + nice + system + irq + softIrq + steal
  return { busy, all: busy + idle + wait }
}
