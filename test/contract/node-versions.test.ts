import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { newestNodes, oldestNode } from '../../scripts/support/node-versions.mjs'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const newestMajor = Object.keys(newestNodes).at(-1)

it.each(['package.json', 'web/sdk/package.json'])(
  '%s asks for the oldest Node that set-up lets in',
  (path) => {
    const { engines } = JSON.parse(read(path)) as { engines: { node: string } }
    expect(`${engines.node}.0`).toBe(`>=${oldestNode}`)
  },
)

it('README, .nvmrc and the image recommend the newest Node', () => {
  expect(read('.nvmrc').trim()).toBe(newestMajor)
  expect(read('README.md')).toContain(
    `Use Node ${newestMajor}. Node ${oldestNode.slice(0, -2)} is the oldest version that works`,
  )
  expect(read('Dockerfile').match(/^FROM node:(\d+)/gm)).toEqual(Array(2).fill(`FROM node:${newestMajor}`))
})
