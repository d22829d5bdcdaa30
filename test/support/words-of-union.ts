import ts from 'typescript'

/**
 * The string literals of a union in a TypeScript source: of the type `name`, or of the member `name` of an interface.
 * Errors: where there is no such union.
 */
export function wordsOfUnion(source: string, name: string): string[] {
  const file = ts.createSourceFile('source.tsx', source, ts.ScriptTarget.ESNext)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isNamed =
      (ts.isTypeAliasDeclaration(node) || ts.isPropertySignature(node)) && node.name.getText(file) === name
    if (isNamed && found.length === 0 && node.type && ts.isUnionTypeNode(node.type))
      for (const { literal } of node.type.types.filter(ts.isLiteralTypeNode))
        if (ts.isStringLiteral(literal)) found.push(literal.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  if (found.length === 0) throw new Error(`there is no union "${name}"`)
  return found
}
