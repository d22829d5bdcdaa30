/**
 * Whether a mutant compiles and has the right types. One that has not is `npm run check`'s to find, so it says nothing
 * about tests.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/**
 * @param {string} root of the project
 * @param {import('ioredis').Redis} redis compiles the scripts
 * @returns {(file: string, text: string) => boolean | Promise<boolean>} whether the file compiles with this text
 */
export function openCompiler(root, redis) {
  const hasRightTypes = openTypescript(root)
  const common = readFileSync(join(root, 'src/eventlog/lua/common.lua'), 'utf8')
  return (file, text) => {
    if (!file.endsWith('.lua')) return hasRightTypes(file, text)
    const script = file.endsWith('/common.lua') ? text : `${common}\n${text}`
    return redis.script('LOAD', script).then(
      () => true,
      () => false,
    )
  }
}

/**
 * @param {string} root of the project
 * @returns {(file: string, text: string) => boolean} whether the file has the right types with this text
 */
function openTypescript(root) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ['src'] }, ts.sys, root)
  /** @type {Map<string, { text: string, version: number }>} */
  const changed = new Map()
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({ ...options, noUnusedLocals: false }),
    getScriptFileNames: () => fileNames,
    getScriptVersion: (file) => String(changed.get(file)?.version ?? 0),
    getScriptSnapshot: (file) => {
      const text = changed.get(file)?.text ?? ts.sys.readFile(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  })
  let version = 0
  return (file, text) => {
    const path = join(root, file)
    changed.set(path, { text, version: ++version })
    const faults = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)]
    changed.delete(path)
    return faults.length === 0
  }
}
