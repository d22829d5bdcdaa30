import { describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { newestNodes, oldestNode } from '../../scripts/support/node-versions.mjs'

/** GitHub's fields, as far as these files use them. An unknown field is a mistake, or new here. */
const root = new URL('../../', import.meta.url)
const forms = readdirSync(new URL('.github/ISSUE_TEMPLATE', root)).filter((file) => file !== 'config.yml')

function read<Shape extends z.ZodType>(path: string, shape: Shape): z.infer<Shape> {
  const document = parseDocument(readFileSync(new URL(path, root), 'utf8'), {
    strict: true,
    uniqueKeys: true,
  })
  expect([...document.errors, ...document.warnings]).toEqual([])
  return shape.parse(document.toJS())
}

const step = z.strictObject({
  uses: z
    .string()
    .regex(/^[\w-]+\/[\w-]+@v\d+$/, 'an action with its major version')
    .optional(),
  with: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  run: z.string().optional(),
})
const workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({ push: z.strictObject({ branches: z.array(z.string()) }), pull_request: z.null() }),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.string() }),
  jobs: z.record(
    z.string(),
    z.strictObject({
      name: z.string(),
      'runs-on': z.string(),
      'timeout-minutes': z.number().int().max(120),
      strategy: z.strictObject({
        'fail-fast': z.boolean(),
        matrix: z.strictObject({ node: z.array(z.string()) }),
      }),
      steps: z.array(step.refine(({ uses, run }) => (uses === undefined) !== (run === undefined))),
    }),
  ),
})

describe('the workflow', () => {
  const { jobs } = read('.github/workflows/ci.yml', workflow)

  it('runs with the oldest Node, and the newest of each later major version', () => {
    expect(jobs.test?.strategy.matrix.node).toEqual([oldestNode, ...Object.keys(newestNodes).slice(1)])
  })

  it('runs existing commands, with the right to read only', () => {
    const commands = jobs.test?.steps.flatMap(({ run }) => run ?? []) ?? []
    expect(commands).toEqual(['.ci/run'])
    for (const command of commands) expect(existsSync(new URL(command, root))).toBe(true)
  })
})

const update = z.strictObject({
  'package-ecosystem': z.enum(['npm', 'docker', 'github-actions']),
  directory: z.string().startsWith('/'),
  schedule: z.strictObject({ interval: z.literal('weekly') }),
  groups: z.record(
    z.string(),
    z.union([
      z.strictObject({ 'dependency-type': z.enum(['production', 'development']) }),
      z.strictObject({ patterns: z.array(z.string()) }),
    ]),
  ),
  ignore: z
    .array(
      z.strictObject({
        'dependency-name': z.string(),
        'update-types': z.array(z.literal('version-update:semver-major')),
      }),
    )
    .optional(),
})
const dependabot = z.strictObject({ version: z.literal(2), updates: z.array(update) })

it('Dependabot updates every package.json, the image and the actions', () => {
  const { updates } = read('.github/dependabot.yml', dependabot)
  expect(updates.map((each) => `${each['package-ecosystem']} ${each.directory}`)).toEqual([
    'npm /',
    'npm /bench',
    'docker /',
    'github-actions /',
  ])
  const files = {
    npm: 'package-lock.json',
    docker: 'Dockerfile',
    'github-actions': '.github/workflows/ci.yml',
  }
  for (const each of updates) {
    const path = `.${each.directory}/${files[each['package-ecosystem']]}`
    expect([path, existsSync(new URL(path, root))]).toEqual([path, true])
  }
})

const described = { label: z.string(), description: z.string().optional() }
const required = z.strictObject({ required: z.boolean() }).optional()
const id = z.string().regex(/^[a-z-]+$/)
const element = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: z.string() }) }),
  z.strictObject({
    ...{ type: z.enum(['input', 'textarea']), id, validations: required },
    attributes: z.strictObject({ ...described, placeholder: z.string().optional() }),
  }),
  z.strictObject({
    ...{ type: z.literal('dropdown'), id, validations: required },
    attributes: z.strictObject({ ...described, options: z.array(z.string()).min(2) }),
  }),
  z.strictObject({
    ...{ type: z.literal('checkboxes'), id },
    attributes: z.strictObject({ ...described, options: z.array(z.strictObject({ label: z.string() })) }),
  }),
])
const form = z.strictObject({
  name: z.string().min(3),
  description: z.string().min(3),
  labels: z.array(z.string()),
  body: z.array(element),
})

it.each(forms)('%s is a form whose fields have names of their own', (file) => {
  const { body } = read(`.github/ISSUE_TEMPLATE/${file}`, form)
  const fields = body.flatMap((each) => (each.type === 'markdown' ? [] : each))
  expect(fields.length).toBeGreaterThan(0)
  expect(new Set(fields.map((field) => field.id)).size).toBe(fields.length)
  expect(new Set(fields.map((field) => field.attributes.label)).size).toBe(fields.length)
})

it('the issue forms point to SECURITY.md for security faults', () => {
  const link = z.strictObject({ name: z.string(), url: z.url({ protocol: /^https$/ }), about: z.string() })
  const shape = z.strictObject({ blank_issues_enabled: z.literal(false), contact_links: z.array(link) })
  const { contact_links } = read('.github/ISSUE_TEMPLATE/config.yml', shape)
  expect(contact_links.map(({ about }) => about).join()).toContain('SECURITY.md')
})
