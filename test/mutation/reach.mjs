/**
 * Which tests enter which functions: only these can notice a mutant there.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf } from './mutants.mjs'
import { callerOf, scriptTests, targets } from './targets.mjs'
import { functionAround, withNotes } from './typescript-functions.mjs'

const baselineLimitMs = 180_000
/** The time that a test file takes beside its tests. */
const usualMs = 200

/**
 * @typedef {object} TestFile
 * @property {string} file
 * @property {number} ms
 * @property {Record<string, number>} tests ms by full name
 * @property {Map<string, Set<string>>} notes by test; '' for what runs before the tests
 *
 * @typedef {{ file: string, only: string[], ms: number, slowestMs: number }} Selection the tests of one file
 */

/**
 * @param {string} root
 * @param {string} path a test file or a folder
 * @returns {string[]}
 */
function testFilesOf(root, path) {
  if (path.endsWith('.ts')) return [path]
  try {
    return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${path}/${name}`)
  } catch {
    return []
  }
}

/**
 * Runs each test file once, with notes in the sources. A test that fails already says nothing about mutants.
 *
 * @param {string} copy
 * @param {import('./test-runner.mjs').TestRunner} runner
 * @param {{ tests: string[], cacheFile: string, log: (line: string) => void }} what
 * @returns {Promise<TestFile[]>}
 */
export async function findReach(copy, runner, { tests, cacheFile, log }) {
  const sources = [...targets.flatMap((target) => filesOf(copy, target)), ...Object.values(callerOf)]
  const typescript = new Set(sources.filter((file) => file.endsWith('.ts')))
  const originals = new Map([...typescript].map((file) => [file, readFileSync(join(copy, file), 'utf8')]))
  const contents = contentsOf(copy, ['src', 'workers', 'test/support'])
  for (const [file, text] of originals) {
    const note = (/** @type {number | ''} */ at) => `mutationNote("${noteOf(file, at)}")`
    const begin = 'const mutationNote = globalThis.mutationNote ?? (() => undefined);'
    writeFileSync(join(copy, file), `${begin}${withNotes(file, text, note)};${note('')}\n`)
  }
  const kept = readKept(cacheFile)
  /** @type {TestFile[]} */
  const found = []
  for (const test of new Set(tests.flatMap((path) => testFilesOf(copy, path)))) {
    const key = createHash('sha1')
      .update(contents)
      .update(readFileSync(join(copy, test)))
      .digest('hex')
    const answer =
      kept[test]?.key === key
        ? kept[test].answer
        : await runner.run({ test, testLimitMs: baselineLimitMs / 2, endEarly: false }, baselineLimitMs)
    if (answer === 'timeout') throw new Error(`${test} takes more than ${baselineLimitMs} ms`)
    if (!answer.passed) {
      log(`Failing without a mutant, and left out:\n${answer.failure?.slice(0, 600)}`)
      const order = {
        test,
        only: Object.keys(answer.tests),
        testLimitMs: baselineLimitMs / 2,
        endEarly: false,
      }
      const others = await runner.run(order, baselineLimitMs)
      if (others === 'timeout' || !others.passed) throw new Error(`${test} fails without a mutant`)
    }
    kept[test] = { key, answer }
    writeFileSync(cacheFile, JSON.stringify(kept))
    const notes = new Map(Object.entries(answer.reached).map(([name, places]) => [name, new Set(places)]))
    found.push({ file: test, ms: answer.ms, tests: answer.tests, notes })
    log(`${test}: ${Object.keys(answer.tests).length} tests, ${Math.round(answer.ms)} ms`)
  }
  for (const [file, text] of originals) writeFileSync(join(copy, file), text)
  return found
}

/**
 * The results of earlier runs. They hold until the test, a source file or a support file changes.
 *
 * @param {string} cacheFile
 * @returns {Record<string, { key: string, answer: import('./jest-child.mjs').Answer }>}
 */
function readKept(cacheFile) {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8'))
  } catch {
    return {}
  }
}

/**
 * @param {string} root
 * @param {string[]} folders
 */
function contentsOf(root, folders) {
  const hash = createHash('sha1')
  for (const folder of folders)
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|lua)$/.test(name)) hash.update(name).update(readFileSync(join(root, folder, name)))
  return hash.digest('hex')
}

/**
 * @param {string} file
 * @param {number | ''} start of the function; '' for the file itself
 */
function noteOf(file, start) {
  return `${file}#${start}`
}

/**
 * @param {string} file a source file
 * @param {string} source
 * @param {TestFile[]} testFiles
 * @returns {(mutant: { start: number }) => Selection[]} the tests that reach a mutant, the fastest file first
 */
export function selector(file, source, testFiles) {
  if (file.endsWith('.lua')) {
    const caller = new RegExp(`^${callerOf[file]}#\\d`)
    const selected = select(
      testFiles,
      (notes, test) => scriptTests.includes(test) || [...notes].some((note) => caller.test(note)),
    )
    return () => selected
  }
  const around = functionAround(file, source)
  return ({ start }) => {
    const note = noteOf(file, around(start) ?? '')
    return select(testFiles, (notes) => notes.has(note))
  }
}

/**
 * @param {TestFile[]} testFiles
 * @param {(notes: Set<string>, test: string) => boolean} isReached
 * @returns {Selection[]}
 */
function select(testFiles, isReached) {
  /** @type {Selection[]} */
  const selections = []
  for (const { file, ms, tests, notes } of testFiles) {
    const names = [...notes].filter(([, places]) => isReached(places, file)).map(([name]) => name)
    if (names.length === 0) continue
    const slowestMs = Math.max(...Object.values(tests))
    const only = (names.includes('') ? Object.keys(tests) : names).filter((name) => name in tests)
    if (only.length === 0) continue
    const testMs = only.reduce((sum, name) => sum + (tests[name] ?? 0), 0)
    selections.push({ file, only, slowestMs, ms: names.includes('') ? ms : usualMs + testMs })
  }
  return selections.sort((a, b) => a.ms - b.ms)
}
