import { describe, expect, it } from '@jest/globals'
import { decideStep, stripFault, type StepView } from '../../../src/conformance/decide-step.ts'

const [one, two] = [
  { id: 'a', text: 'One' },
  { id: 'b', text: 'Two' },
]
const view: StepView = {
  step: {},
  wanted: { shows: [one, two], hides: ['c'] },
  forMs: 500,
  settleMs: 300,
  limitMs: 1_000,
  reported: [one, two],
  isShown: undefined,
  returned: undefined,
  hasLeft: false,
  refusals: 0,
}
const back = { forMs: 400, hasOwnPosition: true }

describe('a step of the conformance feed', () => {
  it.each<[string, Partial<StepView>, string | undefined]>([
    ['the right lines', {}, 'passed'],
    ['the right lines, too soon to tell', { forMs: 200 }, undefined],
    ['other lines around them', { reported: [{ id: 'x', text: 'X' }, one, two] }, 'passed'],
    ['a line too few, with time left', { reported: [one] }, undefined],
    ['a line too few, at the end', { reported: [one], forMs: 1_000 }, 'failed'],
    [
      'a line too few, and a person answers',
      { reported: [one], limitMs: undefined, forMs: 9_999 },
      undefined,
    ],
    ['no report at the end', { reported: undefined, forMs: 1_000 }, 'not-seen'],
    ['a person sees the lines', { reported: undefined, isShown: true }, 'passed'],
    ['a person sees something else', { reported: undefined, isShown: false }, 'failed'],
    ['nothing to show', { wanted: { shows: [], hides: [] }, reported: undefined }, 'passed'],
    ['it stays', { step: { watches: 'stay' } }, 'passed'],
    ['it has left', { step: { watches: 'stay' }, hasLeft: true }, 'failed'],
    ['it has not come back yet', { step: { watches: 'return' } }, undefined],
    ['it does not come back', { step: { watches: 'return' }, forMs: 1_000 }, 'failed'],
    ['it comes back', { step: { watches: 'return' }, returned: back }, 'passed'],
    [
      'it comes back with the position of another',
      { step: { watches: 'return' }, returned: { ...back, hasOwnPosition: false } },
      'failed',
    ],
    ['it comes back too soon', { step: { watches: 'return', noSoonerMs: 2_000 }, returned: back }, 'failed'],
    ['it comes back in time', { step: { watches: 'return', noSoonerMs: 450 }, returned: back }, 'passed'],
  ])('%s', (_, known, verdict) => {
    expect(decideStep({ ...view, ...known })?.verdict).toBe(verdict)
  })

  it.each([
    ['It does not show “Two”.', [one]],
    ['It shows “Two” 2 times.', [two, one, two]],
    ['It shows “2” in place of “Two”.', [one, { ...two, text: '2' }]],
    ['It still shows “Gone”.', [one, two, { id: 'c', text: 'Gone' }]],
    ['It shows the lines in another order.', [two, one]],
    [undefined, [one, two]],
  ])('says of a strip: %s', (fault, reported) => {
    expect(stripFault(reported, view.wanted)).toBe(fault)
  })
})
