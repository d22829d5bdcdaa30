import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { Runs } from '../../../src/conformance/runs.ts'

const settings = { heartbeatMs: 5_000, quietMs: 5_000, settleMs: 1_000, limitMs: 5_000 }
const wishes = { withKey: false, byHand: false }
const newOutlet = () => ({ send: () => undefined, end: () => undefined, cut: () => undefined })

let runs: Runs
beforeEach(() => {
  runs = new Runs(settings)
})
afterEach(() => {
  runs.close()
})

it('takes no more runs than it can hold, while their clients are there', () => {
  for (let n = 0; n < 100; n++) runs.start(wishes)
  expect(() => runs.start(wishes)).toThrow('server-full')
})

it('takes no more connections of a run than it can hold', () => {
  const run = runs.start(wishes)
  for (let n = 0; n < 8; n++) runs.findForConnection(run.id).open(newOutlet(), undefined)
  expect(() => runs.findForConnection(run.id)).toThrow('too-many-connections')
})

it('knows no run of another process', () => {
  expect(() => runs.find('nothing')).toThrow('no-such-feed')
})
