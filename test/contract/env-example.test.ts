import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { envExample } from '../../scripts/env-example.mjs'
import { readConfig, settings } from '../../src/platform/config.ts'

const example = () => readFile(new URL('../../.env.example', import.meta.url), 'utf8')

it('.env.example has the texts of the settings (`node scripts/env-example.mjs` writes it)', async () => {
  expect(await example()).toBe(envExample(settings))
})

it('.env.example with a REDIS_URL gives the default settings', async () => {
  const written = (await example()).split('\n').filter((line) => /^[A-Z]/.test(line))
  const environment: Record<string, string> = {}
  for (const line of written)
    environment[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
  const REDIS_URL = 'redis://localhost'
  expect(readConfig({ ...environment, REDIS_URL })).toEqual(readConfig({ REDIS_URL }))
})

it.each(Object.entries(settings))('%s has a description', (_name, setting) => {
  expect(setting.description).toMatch(/^[A-Za-z].{10,}\.$/)
})
