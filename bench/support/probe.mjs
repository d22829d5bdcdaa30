/** Loaded into every measured server with --import: event-loop delay and memory, asked for over IPC. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { answerQuestions } from './child.mjs'

/** Each look wakes the server, which is a cost of ours: few of them, and still hundreds in a measurement. */
const resolutionMs = 20
const delay = monitorEventLoopDelay({ resolution: resolutionMs })

setFlagsFromString('--expose-gc')
/** @type {() => void} */
const collectGarbage = runInNewContext('gc')

answerQuestions({
  watchLoop() {
    delay.enable()
    delay.reset()
  },
  // The histogram holds whole intervals; what is beyond the timer's own is delay.
  loopDelay() {
    delay.disable()
    const ms = (/** @type {number} */ nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
    return { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) }
  },
  settle() {
    collectGarbage()
    collectGarbage()
    return process.memoryUsage()
  },
})
