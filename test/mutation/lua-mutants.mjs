/**
 * The mutants of one Lua script, by rules over its tokens and lines. A mutant may not compile; Redis tells.
 */

/** @typedef {import('./typescript-mutants.mjs').Change} Change */
/** @typedef {{ start: number, end: number, text: string, kind: 'text' | 'word' | 'sign' }} Token */

/** @type {Record<string, string[]>} */
const swaps = {
  '==': ['~='],
  '~=': ['=='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  and: ['or'],
  or: ['and'],
  true: ['false'],
  false: ['true'],
  not: [''],
}

/**
 * @param {string} source
 * @returns {Change[]} in the order of the file
 */
export function luaMutants(source) {
  const tokens = tokensOf(source)
  const changes = tokens.flatMap((token) => ofToken(token))
  let start = 0
  for (const line of source.split('\n')) {
    changes.push(...ofLine(line, start, tokens))
    start += line.length + 1
  }
  return changes.sort((a, b) => a.start - b.start || a.end - b.end)
}

/**
 * @param {Token} token
 * @returns {Change[]}
 */
function ofToken({ start, end, text, kind }) {
  if (kind === 'text')
    return [{ start, end, from: text, to: text === "''" ? "'mutant'" : "''", kind: 'text' }]
  return (swaps[text] ?? []).map((to) => ({ start, end, from: text, to, kind: 'operator' }))
}

/**
 * Statements and conditions that stand on one line.
 *
 * @param {string} line
 * @param {number} start
 * @param {Token[]} tokens
 * @returns {Change[]}
 */
function ofLine(line, start, tokens) {
  const inLine = tokens.filter((token) => token.start >= start && token.end <= start + line.length)
  const [first] = inLine
  const last = inLine.at(-1)
  if (!first || !last) return []
  /** @type {Change[]} */
  const changes = []
  /** @param {number} from @param {number} through @param {string} to @param {string} kind */
  const add = (from, through, to, kind) => {
    const text = line.slice(from - start, through - start)
    if (isBalanced(text) && text !== to) changes.push({ start: from, end: through, from: text, to, kind })
  }

  // `then` and `do` stand behind the condition; what follows them up to `end` or the line's end is a statement.
  let begin = first
  const condition = inLine.find(({ text }) => text === 'if' || text === 'elseif')
  if (condition) {
    const after = inLine.find(({ text, start: at }) => text === 'then' && at > condition.start)
    if (!after) return changes
    for (const to of ['true', 'false']) add(condition.end + 1, after.start - 1, to, 'condition')
    const next = inLine[inLine.indexOf(after) + 1]
    if (!next) return changes
    begin = next
  }
  const until = last.text === 'end' && last !== begin ? (inLine.at(-2) ?? last) : last
  const statement = line.slice(begin.start - start, until.end - start)
  if (begin.text === 'return' && until !== begin) {
    const value = inLine[inLine.indexOf(begin) + 1]
    if (value && value.text !== 'nil') add(value.start, until.end, 'nil', 'return')
  } else if (/^[\w.]+\(.*\)$/.test(statement) || /^[\w.[\], ]+ = .*$/.test(statement))
    if (!/^(local|for|function|if|while)\b/.test(statement)) add(begin.start, until.end, '', 'statement')
  return changes
}

/** @param {string} text */
function isBalanced(text) {
  const count = (/** @type {RegExp} */ sign) => text.match(sign)?.length ?? 0
  return (
    count(/\(/g) === count(/\)/g) &&
    count(/\{/g) === count(/\}/g) &&
    count(/\bfunction\b/g) === count(/\bend\b/g) &&
    !/(\.\.|,|\band|\bor|[=+*/-])$/.test(text.trim())
  )
}

/**
 * Without comments.
 *
 * @param {string} source
 * @returns {Token[]}
 */
function tokensOf(source) {
  const pattern = /--[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[A-Za-z_]\w*|\d[\w.]*|[=~<>]=|\.\.|\S/g
  return [...source.matchAll(pattern)]
    .filter(([text]) => !text.startsWith('--'))
    .map((match) => {
      const [text] = match
      const kind = /^['"]/.test(text) ? 'text' : /^\w/.test(text) ? 'word' : 'sign'
      return { start: match.index, end: match.index + text.length, text, kind }
    })
}
