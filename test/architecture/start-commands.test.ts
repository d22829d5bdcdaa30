import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the cookies that a command of the documents keeps are not put into the repository', () => {
  const [, file = ''] = /curl -c (\S+)/.exec(read('docs/editors.md')) ?? []
  expect(file).not.toBe('')
  expect(read('.gitignore').split('\n')).toContain(file)
})

test.each(['api', 'gateway', 'worker'])('npm run start:%s runs the command of the Docker image', (role) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const entryPoint = /^ENTRYPOINT (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '[]'
  expect(scripts[`start:${role}`]).toBe([...(JSON.parse(entryPoint) as string[]), role].join(' '))
})
