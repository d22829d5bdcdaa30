/** The faces of the package; the build puts them here. */
declare const ON_AIR_FONTS: readonly {
  readonly family: string
  readonly weight: string
  readonly range: string
  readonly base64: string
}[]

/** Families in the order in which a letter is looked for; a channel's own come first, and none of the system. */
export const FAMILIES = "'Channel Latin','Channel Arabic','On Air Latin','On Air Arabic'"

let loading: Promise<unknown> | undefined
/** The typefaces of the theme that were added last. */
let themeFonts: { readonly latin?: string | undefined; readonly arabic?: string | undefined } = {}

/** Loads the faces of the package once. Never rejects. */
export function loadPackageFonts(): Promise<unknown> {
  loading ??= Promise.all(
    ON_AIR_FONTS.map(({ family, weight, range, base64 }) =>
      addFace(family, base64, { weight, unicodeRange: range }),
    ),
  )
  return loading
}

/** Loads the typefaces of a theme. Never rejects: without them, those of the package show. */
export async function loadThemeFonts({
  latin,
  arabic,
}: {
  readonly latin?: string
  readonly arabic?: string
}): Promise<void> {
  if (latin === themeFonts.latin && arabic === themeFonts.arabic) return
  themeFonts = { latin, arabic }
  for (const face of [...document.fonts]) if (face.family.includes('Channel ')) document.fonts.delete(face)
  const weight = '100 900'
  if (latin !== undefined) await addFace('Channel Latin', bytesOf(latin), { weight })
  if (arabic !== undefined) await addFace('Channel Arabic', bytesOf(arabic), { weight })
}

/** The bytes are here already, so a page needs no `font-src` in its policy, and a host from a file no server. */
async function addFace(family: string, base64: string, descriptors: FontFaceDescriptors): Promise<void> {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    document.fonts.add(await new FontFace(family, bytes, descriptors).load())
  } catch (error) {
    console.warn(`flashline on air: a typeface cannot be used: ${(error as Error).message}`)
  }
}

function bytesOf(dataUrl: string): string {
  return dataUrl.slice(dataUrl.indexOf(',') + 1)
}
