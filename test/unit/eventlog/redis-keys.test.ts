import { describe, expect, it } from '@jest/globals'
import { redisKeys } from '../../../src/eventlog/store/redis-keys.ts'

type Names = Record<string, string | ((of: string) => string)>
const namesOf = (keys: Names) =>
  Object.values(keys).map((name) => (typeof name === 'string' ? name : name('x')))

describe('the names in Redis', () => {
  const { feed, desk, webhooks, ...others } = redisKeys('p')

  it('of a feed and of the desk share one tag each, so that a script runs on one slot', () => {
    for (const name of namesOf(feed('en'))) expect(name).toMatch(/^p:\{en\}:[a-z]/)
    for (const name of namesOf(desk)) expect(name).toMatch(/^p:\{@desk\}:[a-z]/)
    for (const name of namesOf(webhooks)) expect(name).toMatch(/^p:\{@webhooks\}:[a-z]/)
    for (const name of Object.values(others)) expect(name).toMatch(/^(p:[a-z]|\{p:queues\}$)/)
  })

  it('are never the same for two things', () => {
    const all = [
      ...namesOf(feed('en')),
      ...namesOf(feed('ar')),
      ...namesOf(desk),
      ...namesOf(webhooks),
      ...Object.values(others),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it('that name one of many tell which one', () => {
    for (const name of [...Object.values<Names[string]>(feed('en')), ...Object.values<Names[string]>(desk)])
      if (typeof name !== 'string')
        expect([name('a'), name('b')].map((one) => one.at(-1))).toEqual(['a', 'b'])
  })

  it('begin with fl where nobody says otherwise', () => {
    expect(redisKeys().feeds).toBe('fl:feeds')
  })
})
