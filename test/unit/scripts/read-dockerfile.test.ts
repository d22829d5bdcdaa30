import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { readDockerfile } from '../../../scripts/support/read-dockerfile.mjs'

it('reads stages, what they copy and run, and what a container starts', () => {
  const stages = readDockerfile(`# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci \\
  # the tools come too
  --include=dev && npm test

FROM node:24-slim
ENV HOST=0.0.0.0 PORT=8080
COPY --from=build /app/dist ./dist
USER node
HEALTHCHECK --interval=10s --retries=3 \\
  CMD ["node", "-e", "1 + 1"]
STOPSIGNAL SIGINT
ENTRYPOINT ["node", "main.js"]
CMD ["all"]
`)
  const nothing = { entrypoint: [], cmd: [], healthcheck: undefined, stopSignal: 'SIGTERM' }
  expect(stages).toEqual([
    {
      ...nothing,
      image: 'node:24-slim',
      name: 'build',
      steps: [
        { kind: 'workdir', path: '/app' },
        { kind: 'copy', from: undefined, sources: ['package.json', 'package-lock.json'], target: './' },
        { kind: 'run', command: 'npm ci --include=dev && npm test' },
      ],
    },
    {
      image: 'node:24-slim',
      name: undefined,
      steps: [
        { kind: 'env', values: { HOST: '0.0.0.0', PORT: '8080' } },
        { kind: 'copy', from: 'build', sources: ['/app/dist'], target: './dist' },
      ],
      entrypoint: ['node', 'main.js'],
      cmd: ['all'],
      healthcheck: ['node', '-e', '1 + 1'],
      stopSignal: 'SIGINT',
    },
  ])
})

it("reads this project's Dockerfile", () => {
  const stages = readDockerfile(readFileSync(new URL('../../../Dockerfile', import.meta.url), 'utf8'))
  expect(stages.map(({ name }) => name)).toEqual(['build', undefined])
  expect(stages[0]?.steps.filter(({ kind }) => kind === 'run')).toHaveLength(2)
  expect(stages[1]?.cmd).toEqual(['all'])
})

describe('what it cannot carry out is refused, not passed over:', () => {
  it.each([
    'ADD https://news.example/a.tar /',
    'ARG VERSION',
    'SHELL ["/bin/bash"]',
    'RUN ["npm", "ci"]',
    'RUN --mount=type=secret,id=token npm ci',
    'COPY --chown=node a b',
    'COPY src/*.ts ./',
    'COPY alone',
    'ENV A="b c"',
    'ENV A=$HOME',
    'CMD node main.js',
    'WORKDIR app',
    'HEALTHCHECK NONE',
    'ONBUILD RUN ls',
  ])('%s', (line) => {
    expect(() => readDockerfile(`FROM node:24\n${line}\n`)).toThrow(
      `cannot read this of the Dockerfile: ${line}`,
    )
  })

  it('a file without FROM', () => {
    expect(() => readDockerfile('RUN ls')).toThrow('before the first FROM')
    expect(() => readDockerfile('# nothing')).toThrow('no FROM')
  })
})
