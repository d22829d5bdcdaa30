/** The typefaces of this server, by the letters that they have. */
export type FontSubset = 'latin' | 'latin-ext' | 'arabic'

/** Languages whose letters the face `latin` has. */
const WESTERN = 'af ca da de en es et eu fi fr ga gl id is it ms nb nl nn no pt sq sv sw'.split(' ')

/** The faces that a language needs; `latin` also for digits and names. */
export function fontSubsets(lang: string): FontSubset[] {
  try {
    const { language, script } = new Intl.Locale(lang).maximize()
    if (script === 'Arab') return ['latin', 'arabic']
    return script !== 'Latn' || WESTERN.includes(language) ? ['latin'] : ['latin', 'latin-ext']
  } catch {
    return ['latin']
  }
}
