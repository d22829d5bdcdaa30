import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startSystem, type System } from '../support/system.ts'

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>
}

/** Answered as if it were not there while no provider is set up. */
const withoutProvider = ['startSingleSignOn']
const parameters: Readonly<Record<string, string>> = { feed: 'en', code: 'no-such-feed' }

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

it('serves every operation of its description', async () => {
  const { body } = await system.get<Document>('/v1/openapi.json')
  const asked = Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(async ([method, { operationId }]) => {
      const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? 'x')
      const answer = await fetch(`${system.url}${target}`, { method: method.toUpperCase() })
      const text = await answer.text()
      return /no-such-route|method-not-allowed/.test(text.slice(0, 200)) && target !== '/v1/openapi.json'
        ? [operationId]
        : []
    }),
  )
  expect((await Promise.all(asked)).flat()).toEqual(withoutProvider)
})

it('describes the routes of readers also where the api runs alone', async () => {
  const alone = await startSystem({}, 'api')
  try {
    const [{ body: described }, { body: whole }] = [
      await alone.get<Document>('/v1/openapi.json'),
      await system.get<Document>('/v1/openapi.json'),
    ]
    expect(described).toEqual(whole)
  } finally {
    await alone.close()
  }
})
