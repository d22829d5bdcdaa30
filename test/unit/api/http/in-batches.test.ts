import { expect, it } from '@jest/globals'
import { inBatches } from '../../../../src/api/http/in-batches.ts'

it('acts on all items, in their order, and on sixteen at once at the most', async () => {
  let running = 0
  let most = 0
  const items = Array.from({ length: 40 }, (_, n) => n)
  const outcomes = await inBatches(items, async (item) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return item * 2
  })
  expect(outcomes).toEqual(items.map((item) => item * 2))
  expect(most).toBe(16)
  expect(await inBatches([], () => Promise.reject(new Error('never')))).toEqual([])
})

it('begins nothing after an error, and ends what is under way before it throws', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const items = Array.from({ length: 40 }, (_, n) => n)
  const acting = inBatches(items, async (item) => {
    begun.push(item)
    if (item === 3) throw new Error('three')
    await new Promise((resolve) => setImmediate(resolve))
    ended.push(item)
  })
  await expect(acting).rejects.toThrow('three')
  expect(begun).toHaveLength(16)
  expect(ended).toHaveLength(15)
})
