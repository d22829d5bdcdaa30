import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { ThemeFile } from '../../../../src/gateway/on-air/theme-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'theme-'))
})
afterAll(() => rm(folder, { recursive: true }))

function themeFile(path: string | undefined) {
  const logged: { event: string; faults?: string[] }[] = []
  const logger = pino(
    {},
    { write: (line: string) => void logged.push(JSON.parse(line) as (typeof logged)[0]) },
  )
  return { file: new ThemeFile(path, logger), logged }
}

it('a channel without a theme file has the usual theme', async () => {
  expect(await themeFile(undefined).file.read()).toEqual({ theme: {} })
})

it('a theme file is read again when it has changed, and a fault is named once', async () => {
  const path = join(folder, 'theme.json')
  const { file, logged } = themeFile(path)
  expect(await file.read()).toEqual({ faults: [expect.stringContaining('ENOENT')] })
  await writeFile(path, '{"safeMarginPercent":7}')
  expect(await file.read()).toEqual({ theme: { safeMarginPercent: 7 } })
  await writeFile(path, '{"colours":{"text":"red"}}')
  const unfit = { faults: ['/colours/text: #rrggbb'] }
  expect([await file.read(), await file.read()]).toEqual([unfit, unfit])
  expect(logged.map(({ event, faults }) => [event, faults?.length])).toEqual([
    ['on-air-theme-unfit', 1],
    ['on-air-theme-unfit', 1],
  ])
})
