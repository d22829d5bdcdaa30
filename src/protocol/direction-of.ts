/** The writing direction of a language; left to right for an invalid language tag. */
export function directionOf(lang: string): 'ltr' | 'rtl' {
  try {
    const { script = '' } = new Intl.Locale(lang).maximize()
    return RIGHT_TO_LEFT.test(script) ? 'rtl' : 'ltr'
  } catch {
    return 'ltr'
  }
}

/** Scripts, as ISO 15924 names them. */
const RIGHT_TO_LEFT = /Adlm|Arab|Armi|Hebr|Nkoo|Rohg|Syrc|Thaa/
