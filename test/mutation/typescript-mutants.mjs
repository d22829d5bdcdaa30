/**
 * The mutants of one TypeScript file: for each place in its syntax tree that a programmer could have got wrong, the
 * wrong texts. The compiler says which of them could not have been written.
 */
import ts from 'typescript'

/** @typedef {{ start: number, end: number, from: string, to: string, kind: string }} Change */

const { SyntaxKind: kinds } = ts

/** @type {Partial<Record<ts.SyntaxKind, string[]>>} */
const swaps = {
  [kinds.LessThanToken]: ['<=', '>='],
  [kinds.LessThanEqualsToken]: ['<', '>'],
  [kinds.GreaterThanToken]: ['>=', '<='],
  [kinds.GreaterThanEqualsToken]: ['>', '<'],
  [kinds.EqualsEqualsEqualsToken]: ['!=='],
  [kinds.ExclamationEqualsEqualsToken]: ['==='],
  [kinds.PlusToken]: ['-'],
  [kinds.MinusToken]: ['+'],
  [kinds.AsteriskToken]: ['/'],
  [kinds.SlashToken]: ['*'],
  [kinds.PercentToken]: ['*'],
  [kinds.PlusEqualsToken]: ['-='],
  [kinds.MinusEqualsToken]: ['+='],
}
const comparisons = new Set([
  kinds.LessThanToken,
  kinds.LessThanEqualsToken,
  kinds.GreaterThanToken,
  kinds.GreaterThanEqualsToken,
  kinds.EqualsEqualsEqualsToken,
  kinds.ExclamationEqualsEqualsToken,
])
const choices = new Set([kinds.AmpersandAmpersandToken, kinds.BarBarToken, kinds.QuestionQuestionToken])
const steps = new Map([
  [kinds.PlusPlusToken, '--'],
  [kinds.MinusMinusToken, '++'],
])

/**
 * Types, imports, the texts of errors and descriptions for the OpenAPI document stay as they are.
 *
 * @param {string} file
 * @param {string} source
 * @returns {Change[]} in the order of the file
 */
export function typescriptMutants(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  /** @type {Change[]} */
  const changes = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isLeftAlone(node)) return
    for (const [kind, part, to] of wrongTextsOf(node, source)) {
      const [start, end] = [part.getStart(tree), part.getEnd()]
      changes.push({ start, end, from: source.slice(start, end), to, kind })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return changes.filter(({ from, to }) => from !== to)
}

/** @param {ts.Node} node */
function isLeftAlone(node) {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return true
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true
  if (ts.isStringLiteral(node) && /\.describe\($/.test(textBefore(node))) return true
  return ts.isNewExpression(node) && /Error$/.test(node.expression.getText())
}

/** @param {ts.Node} node */
function textBefore(node) {
  return node.getSourceFile().text.slice(0, node.getStart())
}

/**
 * @param {ts.Node} node
 * @param {string} source
 * @returns {[kind: string, part: ts.Node, to: string][]}
 */
function wrongTextsOf(node, source) {
  if (ts.isBinaryExpression(node)) return ofBinary(node)
  if (ts.isPrefixUnaryExpression(node)) return ofPrefix(node)
  if (ts.isPostfixUnaryExpression(node))
    return [['step', node, node.operand.getText() + (steps.get(node.operator) ?? '')]]
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
    return ofCondition(node.expression, ts.isIfStatement(node))
  if (ts.isForStatement(node) && node.condition) return [['condition', node.condition, 'false']]
  if (ts.isConditionalExpression(node)) return ofCondition(node.condition, true)
  if (node.kind === kinds.TrueKeyword) return [['boolean', node, 'false']]
  if (node.kind === kinds.FalseKeyword) return [['boolean', node, 'true']]
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node))
    return ofText(node)
  if (ts.isExpressionStatement(node)) return [['statement', node, ';']]
  if (ts.isReturnStatement(node) && node.expression && node.expression.getText() !== 'undefined')
    return [['return', node.expression, 'undefined']]
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && node.body.getText() !== 'undefined')
    return [['return', node.body, 'undefined']]
  if (ts.isCallExpression(node)) return ofCall(node)
  if (ts.isQuestionDotToken(node))
    return [['optional', node, source[node.end] === '[' || source[node.end] === '(' ? '' : '.']]
  return []
}

/**
 * @param {ts.BinaryExpression} node
 * @returns {[string, ts.Node, string][]}
 */
function ofBinary({ left, operatorToken, right }) {
  if (choices.has(operatorToken.kind)) {
    const whole = operatorToken.parent
    return [
      ['removed operand', whole, left.getText()],
      ['removed operand', whole, right.getText()],
    ]
  }
  // Joining texts is no sum.
  if (operatorToken.kind === kinds.PlusToken && [left, right].some(isText)) return []
  const wrong = swaps[operatorToken.kind] ?? []
  // Always and never are tried for a whole condition: of its comparison only the boundary is left.
  const tried = isCondition(operatorToken.parent) && comparisons.has(operatorToken.kind) ? 1 : 0
  return wrong.slice(0, wrong.length - tried).map((to) => ['operator', operatorToken, to])
}

/**
 * @param {ts.PrefixUnaryExpression} node
 * @returns {[string, ts.Node, string][]}
 */
function ofPrefix(node) {
  const operand = node.operand.getText()
  if (node.operator === kinds.ExclamationToken) return [['negation', node, operand]]
  if (node.operator === kinds.MinusToken) return [['sign', node, operand]]
  const other = steps.get(node.operator)
  return other ? [['step', node, other + operand]] : []
}

/**
 * @param {ts.Expression} condition
 * @param {boolean} mayBeTrue a loop that never ends shows nothing but patience
 * @returns {[string, ts.Node, string][]}
 */
function ofCondition(condition, mayBeTrue) {
  return [
    ...(mayBeTrue ? [/** @type {[string, ts.Node, string]} */ (['condition', condition, 'true'])] : []),
    ['condition', condition, 'false'],
  ]
}

/**
 * @param {ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression} node
 * @returns {[string, ts.Node, string][]}
 */
function ofText(node) {
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return []
  return [['text', node, /^(''|``)$/.test(node.getText()) ? "'mutant'" : "''"]]
}

/**
 * @param {ts.CallExpression} node
 * @returns {[string, ts.Node, string][]}
 */
function ofCall({ expression }) {
  const name = expression.getText()
  if (name === 'Math.min') return [['call', expression, 'Math.max']]
  if (name === 'Math.max') return [['call', expression, 'Math.min']]
  if (name === 'Math.floor') return [['call', expression, 'Math.ceil']]
  if (name === 'Math.ceil') return [['call', expression, 'Math.floor']]
  return []
}

/** @param {ts.Node} node */
function isCondition({ parent, pos }) {
  if (ts.isIfStatement(parent)) return parent.expression.pos === pos
  return ts.isConditionalExpression(parent) && parent.condition.pos === pos
}

/** @param {ts.Node} node */
function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}
