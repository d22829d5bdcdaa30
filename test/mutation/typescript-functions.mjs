/**
 * The functions of a TypeScript file, and which of them a run enters.
 */
import ts from 'typescript'

/**
 * The file with a note at the start of each function, so a run tells which functions it enters.
 *
 * @param {string} file
 * @param {string} source
 * @param {(start: number) => string} note an expression
 * @returns {string}
 */
export function withNotes(file, source, note) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  /** @type {[at: number, text: string][]} */
  const inserts = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isFunction(node) && node.body) {
      const body = node.body
      const text = note(node.getStart(tree))
      if (ts.isBlock(body)) inserts.push([body.getStart(tree) + 1, `${text};`])
      else inserts.push([body.getStart(tree), `(${text},`], [body.getEnd(), ')'])
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  // From the end on, so places that are yet to come stay where they are; at one place the inner one closes first.
  inserts.sort(([a], [b]) => a - b)
  let text = ''
  let from = 0
  for (const [at, insert] of inserts) {
    text += source.slice(from, at) + insert
    from = at
  }
  return text + source.slice(from)
}

/**
 * @param {string} file
 * @param {string} source
 * @returns {(at: number) => number | undefined} where the innermost function around a place starts; undefined for what
 *   runs when the file is loaded
 */
export function functionAround(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  return (at) => {
    /** @type {number | undefined} */
    let found
    /** @param {ts.Node} node */
    const visit = (node) => {
      if (at < node.getStart(tree) || at >= node.getEnd()) return
      if (isFunction(node) && node.body && at >= node.body.getStart(tree)) found = node.getStart(tree)
      ts.forEachChild(node, visit)
    }
    visit(tree)
    return found
  }
}

/**
 * @param {ts.Node} node
 * @returns {node is ts.FunctionLikeDeclaration}
 */
function isFunction(node) {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node)
  )
}
