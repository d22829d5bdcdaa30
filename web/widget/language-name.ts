/** The name of a language in another language; undefined if both are the same, or if the tag is not valid. */
export function languageName(tag: string, inLanguage: string): string | undefined {
  const [language = ''] = tag.split('-')
  try {
    if (language !== inLanguage) return new Intl.DisplayNames(inLanguage, { type: 'language' }).of(language)
  } catch {
    // The line is announced without the name.
  }
}
