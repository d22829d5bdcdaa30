import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { parseAllDocuments } from 'yaml'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly [part: string]: unknown
}

const folder = new URL('../../deploy/kubernetes/', import.meta.url)

export async function kubernetesManifests(): Promise<readonly Manifest[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
  return texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => {
      if (document.errors[0]) throw document.errors[0]
      return document.toJS() as Manifest
    }),
  )
}

/** The module with the type and the schema of a kind. */
function moduleOf({ apiVersion, kind }: Manifest): string {
  const isGateway = apiVersion.startsWith('gateway.networking.k8s.io/')
  return `${isGateway ? '@kubernetes-models/gateway-api' : 'kubernetes-models'}/${apiVersion}/${kind}`
}

type Model = new (data: object) => { validate(): void }

/** Errors: when a value breaks the schema of its kind. A field that the kind does not have is no error here. */
export async function validateBySchema(manifest: Manifest): Promise<void> {
  const models = (await import(moduleOf(manifest))) as Record<string, Model | undefined>
  const Kind = models[manifest.kind]
  if (Kind === undefined) throw new Error(`no model of ${manifest.kind}`)
  new Kind(manifest).validate()
}

/**
 * What the compiler says about the manifests as values of the types of their kinds: the types come from the same
 * descriptions as the schemas, and a field that a kind does not have is an error.
 */
export function findWrongFields(manifests: readonly Manifest[]): string[] {
  const source = manifests
    .map((manifest, at) => {
      const type = `import('${moduleOf(manifest)}').I${manifest.kind}`
      return `export const manifest${at}: ${type} = ${JSON.stringify(manifest)}`
    })
    .join('\n')
  // The file exists only for the compiler. Its place decides where packages are looked for.
  const path = fileURLToPath(new URL('kubernetes-manifests-checked.ts', import.meta.url))
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile, readFile: read } = host
  host.fileExists = (name) => name === path || fileExists.call(host, name)
  host.readFile = (name) => (name === path ? source : read.call(host, name))
  host.getSourceFile = (name, target, ...more) =>
    name === path
      ? ts.createSourceFile(name, source, target)
      : getSourceFile.call(host, name, target, ...more)
  const program = ts.createProgram([path], options, host)
  const checked = program.getSourceFile(path)
  const found = [...program.getGlobalDiagnostics(), ...ts.getPreEmitDiagnostics(program, checked)]
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
