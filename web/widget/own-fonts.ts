import { fontSubsets } from '../../src/protocol/font-subsets.ts'

/** The faces that the build has copied. */
declare const OWN_FONTS: readonly {
  readonly family: string
  readonly subset: string
  readonly file: string
  readonly weight: string
  readonly range: string
}[]

// Loaded only by tickers with font="own".

/** Headlines wait so long for their faces; a face that comes later is kept by the browser for the next visit. */
const LIMIT_MS = 500

const sheet = new CSSStyleSheet()
sheet.replaceSync(
  `.ticker{font-family:'Flashline Latin','Flashline Arabic',var(--flashline-font,system-ui),sans-serif}`,
)
const loading = new Map<string, Promise<FontFace>>()
const said = new Set<string>()

/**
 * Loads the faces for a language. They apply only if they come before the headlines show, so that nothing moves. Never
 * rejects: without them the usual face stays, and the console says why.
 */
export async function ownFonts(root: ShadowRoot, lang: string): Promise<void> {
  const subsets: string[] = fontSubsets(lang)
  const needed = OWN_FONTS.filter(({ subset }) => subsets.includes(subset))
  const all = Promise.all(needed.map(loaded)).catch(complain)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, LIMIT_MS, undefined))
  const faces = await Promise.race([all, late])
  for (const face of faces ?? []) document.fonts.add(face)
  if (faces && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}

/** Several tickers may need the same face; the console has one line. */
function complain(error: unknown): undefined {
  const { message } = error as Error
  if (!said.has(message)) console.warn(`flashline-ticker: the usual typeface shows, ${message}`)
  said.add(message)
}

/** The bytes come by `fetch`, so that the page needs no `font-src` in its policy. */
function loaded({ family, file, weight, range }: (typeof OWN_FONTS)[number]): Promise<FontFace> {
  const address = new URL(file, import.meta.url).href
  const face = loading.get(address) ?? load(address, family, { weight, unicodeRange: range })
  loading.set(address, face)
  return face
}

async function load(address: string, family: string, descriptors: FontFaceDescriptors): Promise<FontFace> {
  const answer = await fetch(address).catch((error: unknown) => {
    throw new Error(`${address} cannot be loaded`, { cause: error })
  })
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`)
  return new FontFace(family, await answer.arrayBuffer(), descriptors).load()
}
