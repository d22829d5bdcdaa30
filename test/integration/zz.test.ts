import { expect, it } from '@jest/globals'
import { startSystem } from '../support/system.ts'
it('gives a returning reader exactly what it missed', async () => {
  const system = await startSystem()
  const reader = await system.connect('en')
  const [first] = await system.publish('en', 1)
  await reader.received(first)
  reader.drop()
  const missed = await system.publish('en', 2)
  await reader.returnAfter(first!.position)
  expect(await reader.take(2)).toEqual(missed)
  const t = Date.now()
  await system.stop()
  console.log('stop', Date.now() - t, await reader.closed, reader.waiting)
  await system.close()
})
