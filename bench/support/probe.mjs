/** Loaded into every measured server with --import: reports event-loop delay and memory over IPC. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { answerQuestions } from './child.mjs'

/** Each sample wakes the server, which distorts the measurement. This interval still gives hundreds of samples. */
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
  // The histogram holds whole intervals; the part beyond the timer's interval is the delay.
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
