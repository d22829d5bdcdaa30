/**
 * Reads the instructions that our Dockerfile uses. Any other instruction is refused, so that a check skips none.
 */

/**
 * @typedef {{ kind: 'copy', from: string | undefined, sources: string[], target: string }} Copy
 * @typedef {{ kind: 'run', command: string }} Run
 * @typedef {{ kind: 'env', values: Record<string, string> } | { kind: 'workdir', path: string }} Setting
 * @typedef {Copy | Run | Setting} Step
 *
 * @typedef {object} Stage
 * @property {string} image
 * @property {string | undefined} name
 * @property {Step[]} steps in their order
 * @property {string[]} entrypoint
 * @property {string[]} cmd
 * @property {string[] | undefined} healthcheck its command
 * @property {string} stopSignal
 */

/** Instructions without effect on files and commands. */
const without = new Set(['EXPOSE', 'USER', 'LABEL'])

/**
 * @param {string} text
 * @returns {Stage[]}
 * @throws {Error} with the line that is not supported
 */
export function readDockerfile(text) {
  /** @type {Stage[]} */
  const stages = []
  for (const line of instructionsOf(text)) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? []
    const instruction = word.toUpperCase()
    if (instruction === 'FROM') {
      const [, image, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? []
      if (!image) throw unknown(line)
      stages.push({
        image,
        name,
        steps: [],
        entrypoint: [],
        cmd: [],
        healthcheck: undefined,
        stopSignal: 'SIGTERM',
      })
      continue
    }
    const stage = stages.at(-1)
    if (!stage) throw new Error(`"${line}" stands before the first FROM`)
    readInto(stage, instruction, rest, line)
  }
  if (stages.length === 0) throw new Error('The Dockerfile has no FROM')
  return stages
}

/**
 * @param {Stage} stage
 * @param {string} instruction
 * @param {string} rest
 * @param {string} line
 */
function readInto(stage, instruction, rest, line) {
  switch (instruction) {
    case 'COPY':
      return void stage.steps.push(readCopy(rest, line))
    case 'RUN': {
      // A cache mount only saves time: without it, npm fetches every package.
      const command = rest.replace(/^(--mount=type=cache,\S+\s+)+/, '')
      if (/^(--|\[)/.test(command)) throw unknown(line)
      return void stage.steps.push({ kind: 'run', command })
    }
    case 'ENV': {
      const pairs = rest.split(/\s+/).map((pair) => /^([A-Za-z_]\w*)=([^\s"'\\$]*)$/.exec(pair))
      const values = pairs.map((pair) => {
        if (!pair) throw unknown(line)
        return [pair[1], pair[2]]
      })
      return void stage.steps.push({ kind: 'env', values: Object.fromEntries(values) })
    }
    case 'WORKDIR':
      if (!rest.startsWith('/')) throw unknown(line)
      return void stage.steps.push({ kind: 'workdir', path: rest })
    case 'ENTRYPOINT':
      return void (stage.entrypoint = wordsOf(rest, line))
    case 'CMD':
      return void (stage.cmd = wordsOf(rest, line))
    case 'HEALTHCHECK': {
      const [, command] = /^(?:--\S+\s+)*CMD\s+(.*)$/s.exec(rest) ?? []
      return void (stage.healthcheck = wordsOf(command ?? '', line))
    }
    case 'STOPSIGNAL':
      return void (stage.stopSignal = rest)
    default:
      if (!without.has(instruction)) throw unknown(line)
  }
}

/**
 * @param {string} rest
 * @param {string} line
 * @returns {Copy}
 */
function readCopy(rest, line) {
  const words = rest.split(/\s+/)
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined
  const target = words.pop()
  if (target === undefined || words.length === 0 || words.some((word) => /^--|[*?[]/.test(word)))
    throw unknown(line)
  return { kind: 'copy', from, sources: words, target }
}

/**
 * @param {string} text
 * @returns {string[]} without comments; a line that ends with a backslash goes on
 */
function instructionsOf(text) {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  const whole = lines.map((line) => line.trim()).join('\n')
  return whole.replace(/\\\n/g, '').split('\n').filter(Boolean)
}

/**
 * @param {string} json
 * @param {string} line
 * @returns {string[]}
 */
function wordsOf(json, line) {
  try {
    const words = JSON.parse(json)
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words
  } catch {
    // Not JSON: refused below.
  }
  throw unknown(line)
}

/** @param {string} line */
function unknown(line) {
  return new Error(`The check of the image cannot read this of the Dockerfile: ${line}`)
}
