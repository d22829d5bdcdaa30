import { describe, expect, it } from '@jest/globals'
import { CrawlPlan, type CrawlLine } from '../../../../web/on-air/crawl-plan.ts'

const VIEW = 1_000
const line = (id: string, size = 400, words = id): CrawlLine => ({ id, key: words, size })
const unmeasured = (id: string, words = id): CrawlLine => ({ id, key: words, size: undefined })

function planOf(...lines: CrawlLine[]): CrawlPlan {
  const plan = new CrawlPlan()
  plan.resize(VIEW)
  plan.update(lines)
  return plan
}

/** The lines in view with their distance from the side at which lines enter, as `a@600`. */
const inView = (plan: CrawlPlan) =>
  plan.placed
    .filter((item) => plan.sees(item))
    .map(({ key, place, isBlank }) => `${isBlank ? '' : key}@${place - plan.offset}`)

describe('the plan of a crawl', () => {
  it('lets lines enter at the edge, one directly behind the other, again and again', () => {
    const plan = planOf(line('a'), line('b'))
    expect(inView(plan)).toEqual([])
    plan.advance(1)
    expect(inView(plan)).toEqual(['a@999'])
    plan.advance(999)
    expect(inView(plan)).toEqual(['a@0', 'b@400', 'a@800'])
  })

  it('shows nothing before the sizes are known', () => {
    const plan = planOf(unmeasured('a'))
    plan.advance(10)
    expect(plan.placed).toEqual([])
    plan.update([line('a')])
    plan.advance(10)
    expect(inView(plan)).toEqual(['a@990'])
  })

  it('lets a new line enter next, and moves no line in view', () => {
    const plan = planOf(line('a'), line('b'), line('c'))
    plan.advance(500)
    const before = inView(plan)
    plan.update([line('new'), line('a'), line('b'), line('c')])
    expect(inView(plan)).toEqual(before)
    plan.advance(400)
    expect(inView(plan)).toEqual(['a@100', 'b@500', 'new@900'])
  })

  it('takes a line out of the middle at once: the others in view stay, and what comes closes up', () => {
    const plan = planOf(line('a'), line('b'), line('c'), line('d'))
    plan.advance(1_000)
    expect(inView(plan)).toEqual(['a@0', 'b@400', 'c@800'])
    plan.update([line('a'), line('c'), line('d')])
    expect(inView(plan)).toEqual(['a@0', 'c@800'])
    plan.update([line('a'), line('d')])
    expect(inView(plan)).toEqual(['a@0'])
    plan.advance(1)
    // Nothing is behind a any more, so d enters at the edge.
    expect(inView(plan)).toEqual(['a@-1', 'd@999'])
  })

  it('shows no old word while the new ones are measured', () => {
    const plan = planOf(line('a'), line('b'))
    plan.advance(500)
    plan.update([unmeasured('a', 'corrected'), line('b')])
    expect(inView(plan)).toEqual(['@500', 'b@900'])
    plan.update([line('a', 390, 'corrected'), line('b')])
    expect(inView(plan)).toEqual(['corrected@500', 'b@900'])
  })

  it('lets a longer correction enter again, so that no line in view moves', () => {
    const plan = planOf(line('a'), line('b'))
    plan.advance(700)
    expect(inView(plan)).toEqual(['a@300', 'b@700'])
    plan.update([line('a', 450, 'longer'), line('b')])
    expect(inView(plan)).toEqual(['b@700'])
    plan.advance(300)
    expect(inView(plan)).toEqual(['b@400', 'longer@800'])
  })

  it('puts a longer correction in place where nothing is behind it', () => {
    const plan = planOf(line('a'), line('b'))
    plan.advance(300)
    plan.update([line('a', 900, 'longer'), line('b')])
    expect(inView(plan)).toEqual(['longer@700'])
  })

  it('lets a correction enter again whose beginning would be out of the picture', () => {
    const plan = planOf(line('a'), line('b', 700))
    plan.advance(1_010)
    expect(inView(plan)).toEqual(['a@-10', 'b@390'])
    plan.update([line('a', 400, 'corrected'), line('b', 700)])
    expect(inView(plan)).toEqual(['b@390'])
    plan.advance(400)
    expect(inView(plan)).toEqual(['b@-10', 'corrected@690'])
  })

  it('moves all lines by the same pixels when it counts its places anew', () => {
    const plan = planOf(line('a'), line('b', 333))
    let before = new Map<number, number>()
    for (let frame = 0; frame < 60_000; frame++) {
      plan.advance(7)
      const places = new Map(plan.placed.map(({ passage, place }) => [passage, place - plan.offset]))
      const steps = [...places].map(([passage, place]) => place - (before.get(passage) ?? place + 7))
      expect(steps.every((step) => step === -7)).toBe(true)
      before = places
    }
    expect(plan.offset).toBeLessThan(100_000)
  })
})
