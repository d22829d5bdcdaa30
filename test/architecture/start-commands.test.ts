import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test.each(['api', 'gateway', 'worker'])('npm run start:%s runs the command of the Docker image', (role) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const entryPoint = /^ENTRYPOINT (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '[]'
  expect(scripts[`start:${role}`]).toBe([...(JSON.parse(entryPoint) as string[]), role].join(' '))
})
