import type { PinnedScript } from './snippets.ts'

/** The script in an answer of `GET /widget/v1.json`; undefined if it names no script with a hash. */
export function readManifest(answer: unknown): PinnedScript | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { src, integrity } = answer as { readonly src?: unknown; readonly integrity?: unknown }
  if (typeof src !== 'string' || !/^\/widget\/[\w.-]+\.js$/.test(src)) return undefined
  if (typeof integrity !== 'string' || !/^sha384-[A-Za-z0-9+/]{64}$/.test(integrity)) return undefined
  return { src, integrity }
}
