import { expect, it } from '@jest/globals'
import { AcceptedActs, type AcceptedAct } from '../../../../src/api/live/accepted-acts.ts'
import { contentSchema } from '../../../../src/protocol/headline.ts'

const content = contentSchema.parse({ text: 'Bridge closed' })
const desk = { createdBy: 'ann', authors: ['ann'] }

const act = (n: number, feed = 'en', at = 0): AcceptedAct => ({
  ...{ feed, id: `headline-${n}`, at, act: { by: 'user:ann', person: 'ann', name: 'Ann' } },
  audited: { n, chain: `chain-${n}` },
  headline: { version: 1, status: 'due', action: 'release', content, desk },
})
const numbersOf = (acts: readonly AcceptedAct[]) => acts.map(({ audited }) => audited.n)

it('looks up the newest proven act and all after it', () => {
  const accepted = new AcceptedActs()
  for (const n of [1, 2, 3]) accepted.note(act(n))
  expect(numbersOf(accepted.unproven('en'))).toEqual([1, 2, 3])

  const seen = accepted.unproven('en')
  accepted.note(act(4))
  accepted.prove('en', seen)
  expect(numbersOf(accepted.unproven('en'))).toEqual([3, 4])
  expect(numbersOf(accepted.all('en'))).toEqual([1, 2, 3, 4])
  expect(accepted.unproven('ar')).toEqual([])
})

it('proves all that is left again after lost acts were forgotten', () => {
  const accepted = new AcceptedActs()
  const acts = [1, 2, 3].map((n) => act(n))
  for (const each of acts) accepted.note(each)
  accepted.prove('en', accepted.unproven('en'))
  accepted.forget('en', new Set([acts[1]!]))
  expect(numbersOf(accepted.unproven('en'))).toEqual([1, 3])
})

it('keeps an act for an hour', () => {
  const accepted = new AcceptedActs()
  for (const [n, at] of [
    [1, 0],
    [2, 1_000],
    [3, 3_600_500],
  ] as const)
    accepted.note(act(n, 'en', at))
  expect(numbersOf(accepted.all('en'))).toEqual([2, 3])
})

it('keeps 5,000 acts; the feed with the most of them gives the oldest ones up', () => {
  const accepted = new AcceptedActs()
  accepted.note(act(1, 'ar'))
  for (let n = 1; n <= 6_000; n++) accepted.note(act(n))
  expect(numbersOf(accepted.all('ar'))).toEqual([1])
  expect(accepted.all('en')).toHaveLength(4_999)
  expect(numbersOf(accepted.all('en'))[0]).toBe(1_002)
})
