import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { ScratchKeeper, type KeepOutcome } from '../../../../web/desk/composer/scratch-keeper.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** A server that answers when the test lets it, and notes each request with its time in ms. */
function scene(kept?: string) {
  const begun = Date.now()
  const requests: string[] = []
  const waiting: ((outcome: KeepOutcome) => void)[] = []
  const request = (what: string) => {
    requests.push(`${what} at ${Date.now() - begun}`)
    return new Promise<KeepOutcome>((resolve) => waiting.push(resolve))
  }
  const keeper = new ScratchKeeper({ keep: request, drop: () => request('drop') }, kept)
  const answer = async (outcome: KeepOutcome = 'kept') => {
    waiting.shift()?.(outcome)
    await jest.advanceTimersByTimeAsync(0)
  }
  return { keeper, requests, answer, pass: (ms: number) => jest.advanceTimersByTimeAsync(ms) }
}

it('saves at once, then at most once in two seconds, and the newest words at the end', async () => {
  const { keeper, requests, answer, pass } = scene()
  keeper.want('a')
  await answer()
  for (const words of ['ab', 'abc', 'abcd']) {
    await pass(100)
    keeper.want(words)
  }
  await pass(10_000)
  expect(requests).toEqual(['a at 0', 'abcd at 2000'])
  await answer()
  await pass(10_000)
  expect(requests).toHaveLength(2)
})

it('waits for an answer before the next request, so that none overtakes another', async () => {
  const { keeper, requests, answer, pass } = scene()
  keeper.want('a')
  await pass(5_000)
  keeper.want('ab')
  keeper.want(undefined)
  expect(requests).toEqual(['a at 0'])
  await answer()
  await pass(2_000)
  expect(requests).toEqual(['a at 0', 'drop at 7000'])
})

it('drops words that were sent at once', async () => {
  const { keeper, requests, answer } = scene()
  keeper.want('a')
  await answer()
  keeper.want(undefined)
  expect(requests).toEqual(['a at 0', 'drop at 0'])
})

it('tries again in a while what was not kept, and not what never will be', async () => {
  const { keeper, requests, answer, pass } = scene()
  keeper.want('a')
  await answer('later')
  await pass(10_000)
  expect(requests).toEqual(['a at 0', 'a at 10000'])
  await answer('never')
  await pass(60_000)
  expect(requests).toHaveLength(2)
})

it('saves the rest when it closes, and asks for no words that the server has already', async () => {
  const { keeper, requests, answer, pass } = scene('a')
  keeper.want('a')
  keeper.want('ab')
  await answer()
  keeper.want('abc')
  keeper.close()
  expect(requests).toEqual(['ab at 0', 'abc at 0'])
  await answer('later')
  await pass(60_000)
  expect(requests).toHaveLength(2)
})
