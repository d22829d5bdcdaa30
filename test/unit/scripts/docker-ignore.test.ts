import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { dockerIgnore } from '../../../scripts/support/docker-ignore.mjs'

it.each([
  ['**\n!src', 'src/api/main.ts', false],
  ['**\n!src', 'README.md', true],
  ['**\n!src', 'test/src', true],
  ['**\n!src\nsrc/*.md', 'src/NOTES.md', true],
  ['**\n!src\nsrc/*.md', 'src/api/NOTES.md', false],
  ['**/*.md', 'NOTES.md', true],
  ['**/*.md', 'src/api/NOTES.md', true],
  ['# node_modules\ndist/', 'dist/main.js', true],
  ['dist/', 'web/dist/main.js', false],
  ['a.b', 'aXb', false],
  ['a?c', 'abc', true],
  ['', 'a', false],
])('%j keeps %s out: %s', (text, path, isOut) => {
  expect(dockerIgnore(text)(path)).toBe(isOut)
})

it('lets into the image what its Dockerfile copies, and no tests, data or secrets', () => {
  const isOut = dockerIgnore(readFileSync(new URL('../../../.dockerignore', import.meta.url), 'utf8'))
  expect(
    ['package.json', 'src/main.ts', 'web/sdk/API.md', 'scripts/support/npm.mjs'].map(isOut),
  ).not.toContain(true)
  expect(['.env', 'data/first-run-key', 'test/unit/a.test.ts', '.git/HEAD'].map(isOut)).not.toContain(false)
})
