import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Scripts } from '../../src/eventlog/store/scripts.ts'
import { freshPrefix, openTestStore } from '../support/redis.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

let tag: string
beforeEach(() => {
  tag = `{${freshPrefix()}}`
})

interface Contract {
  /** The Redis type of each key; undefined for a prefix of other keys, and for a key of which any type is taken. */
  readonly kinds: readonly (string | undefined)[]
  readonly args: readonly (string | number)[]
  /** How the script refuses another number of keys or arguments. */
  readonly refusal: RegExp
}

const SAVES = [
  'hash',
  'hash',
  'hash',
  'hash',
  'hash',
  'zset',
  'string',
  'hash',
  'string',
  'string',
  'zset',
  'hash',
]
const RELEASES: (string | undefined)[] = [
  'hash',
  'hash',
  'stream',
  'hash',
  'hash',
  'hash',
  'zset',
  'hash',
  'zset',
  'zset',
  'hash',
]
const AUDIT = ['stream', 'hash']
const PREFIX = undefined

const contracts: Partial<Record<keyof Scripts, Contract>> = {
  'create-feed': {
    kinds: ['string', 'hash', 'hash', ...AUDIT],
    args: ['{}', 'abcdefgh', '', '', 'desk', 'secret'],
    refusal: /CONTRACT create-feed takes 5 keys and 6 arguments/,
  },
  'save-headline': {
    kinds: [
      'string',
      ...SAVES,
      'zset',
      ...AUDIT,
      PREFIX,
      PREFIX,
      PREFIX,
      PREFIX,
      'zset',
      'hash',
      'string',
    ].toSpliced(12, 2, 'hash'),
    args: ['{}', '', '', '{}', 'desk'],
    refusal: /CONTRACT save-headline takes 22 keys and 5 arguments/,
  },
  'release-due': {
    // A damaged definition or policy stops no removal.
    kinds: [PREFIX, ...RELEASES.toSpliced(1, 1, PREFIX), ...AUDIT, PREFIX, 'hash', 'hash'],
    args: ['live', 'desk', 128, 100, 1000, 'abcdefgh', '', 0, '', 'secret', 1000, 'en', '{}'],
    refusal: /CONTRACT release-due takes 17 keys and 13 arguments/,
  },
  'compare-and-write': {
    kinds: [...AUDIT, 'hash', 'hash'],
    args: ['[{"field":"a"},{"field":"b"}]', '', 'desk', '', ''],
    refusal: /CONTRACT compare-and-write: one key per write/,
  },
  'keep-receipt': {
    kinds: ['hash', 'hash'],
    args: ['gateway', 1000, 1, '{}', '{}'],
    refusal: /CONTRACT keep-receipt takes 3 arguments and one for each key/,
  },
  'find-lost-acts': {
    kinds: AUDIT,
    args: [1, 'f'.repeat(40)],
    refusal: /CONTRACT find-lost-acts takes 2 keys and 2 arguments for each act/,
  },
  'remove-lines': {
    kinds: ['hash', 'hash', 'hash', 'zset', 'zset', 'zset', PREFIX, PREFIX, PREFIX, PREFIX, PREFIX],
    args: ['id', '', '[]', '[]'],
    refusal: /CONTRACT remove-lines takes 11 keys and 4 arguments for each headline/,
  },
  'return-line': {
    kinds: ['hash', 'hash', 'zset', 'zset', PREFIX, PREFIX, PREFIX, PREFIX],
    args: ['id', '{}', 1, '', '[]'],
    refusal: /CONTRACT return-line takes 8 keys and 5 arguments/,
  },
  'trim-audit': {
    kinds: AUDIT,
    args: [1, 'f'.repeat(40)],
    refusal: /CONTRACT trim-audit takes 2 keys and 2 arguments/,
  },
  'find-headlines': {
    kinds: ['zset', 'zset'],
    args: [1, '+inf', '-inf', '', 10, 10],
    refusal: /CONTRACT find-headlines takes 6 arguments and at least 1 key/,
  },
  'read-news': {
    kinds: ['hash', 'hash', 'hash', 'hash', 'zset'],
    args: [10],
    refusal: /CONTRACT read-news takes at least 5 keys and 1 argument/,
  },
  'put-to-decision': {
    kinds: ['hash', 'hash', 'zset', 'zset', ...AUDIT, PREFIX],
    args: ['en', '[]', '{}', '{}', 'desk'],
    refusal: /CONTRACT put-to-decision takes 7 keys and 5 arguments/,
  },
  'flag-sibling': {
    kinds: ['hash', ...AUDIT, 'zset'],
    args: ['id', '{}', 'en', 'desk'],
    refusal: /./,
  },
}
const named = Object.entries(contracts) as [keyof Scripts, Contract][]

const keysOf = ({ kinds }: Contract) => kinds.map((_, at) => `${tag}:${at}`)

describe.each(named)('%s', (name, contract) => {
  const { kinds, args, refusal } = contract

  it.each(kinds.flatMap((kind, at) => (kind === undefined ? [] : [[at, kind]])))(
    'writes nothing where key %i is no %s',
    async (at, kind) => {
      const keys = keysOf(contract)
      await store.redis.rpush(keys[at as number]!, 'x')

      await expect(store.scripts[name](keys, args)).rejects.toThrow(
        `CONTRACT ${keys[at as number]} is a list, not a ${kind}`,
      )

      expect(await store.redis.exists(...keys)).toBe(1)
    },
  )

  if (refusal.source === '.') return

  it('refuses an argument more or less, and writes nothing', async () => {
    const keys = keysOf(contract)
    for (const wrong of [args.slice(0, -1), [...args, 'x']])
      await expect(store.scripts[name](keys, wrong)).rejects.toThrow(refusal)
    expect(await store.redis.exists(...keys)).toBe(0)
  })
})

const takesMoreKeys: readonly string[] = ['find-headlines', 'read-news', 'flag-sibling']

describe.each(named.filter(([name]) => !takesMoreKeys.includes(name)))('%s', (name, contract) => {
  it('refuses a key more, and writes nothing', async () => {
    const keys = [...keysOf(contract), `${tag}:more`]
    await expect(store.scripts[name](keys, contract.args)).rejects.toThrow(contract.refusal)
    expect(await store.redis.exists(...keys)).toBe(0)
  })
})

it('release-due looks at the indexes of the statuses that it moves lines among', async () => {
  const contract = contracts['release-due']!
  for (const status of ['due', 'live', 'held', 'expired', 'needs-decision']) {
    const index = `${keysOf(contract).at(-3)}${status}`
    await store.redis.rpush(index, 'x')
    await expect(store.scripts['release-due'](keysOf(contract), contract.args)).rejects.toThrow(
      `CONTRACT ${index} is a list, not a zset`,
    )
    await store.redis.del(index)
  }
})

it.each([
  ['find-headlines', [0, '+inf', '-inf', '', 10, 10]],
  ['find-headlines', [1, '+inf', '-inf', '', 'ten', 10]],
  ['find-headlines', [1, '+inf', '-inf', '', 10, 'ten']],
  ['find-headlines', ['one', '+inf', '-inf', '', 10, 10]],
  ['read-news', ['ten']],
  ['keep-receipt', ['gateway', 1000, 'one', '{}', '{}']],
  ['release-due', ['live', 'desk', 'all', 100, 1000, 'abcdefgh', '', 0, '', 'secret', 1000]],
  ['release-due', ['live', 'desk', 128, 'all', 1000, 'abcdefgh', '', 0, '', 'secret', 1000]],
] as const)('%s refuses %j', async (name, args) => {
  const contract = contracts[name]!
  await expect(store.scripts[name](keysOf(contract), args)).rejects.toThrow(contract.refusal)
})

it('save-headline, release-due and create-feed know where there is no feed', async () => {
  const run = (name: keyof Scripts) => store.scripts[name](keysOf(contracts[name]!), contracts[name]!.args)
  expect(await run('save-headline')).toEqual(['no-feed'])
  expect(await run('release-due')).toEqual(['no-feed'])
  expect(await run('flag-sibling')).toBe('elsewhere')
})
