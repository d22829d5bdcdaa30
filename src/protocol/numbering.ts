/**
 * The digits in use for a language beside its default, as Unicode CLDR 48 has them (`native`). Every language may have
 * `latn`, too.
 */
const nativeDigits: Readonly<Record<string, string>> = {
  ...digits('arab', 'ar ckb sd'),
  ...digits('arabext', 'fa ks lrc mzn ps ur'),
  ...digits('beng', 'as bn mni'),
  ...digits('deva', 'bho brx doi hi kok mai mr ne sa'),
  ...digits('gujr', 'gu'),
  ...digits('guru', 'pa'),
  ...digits('khmr', 'km'),
  ...digits('knda', 'kn'),
  ...digits('laoo', 'lo'),
  ...digits('mlym', 'ml'),
  ...digits('mymr', 'my'),
  ...digits('orya', 'or'),
  ...digits('tamldec', 'ta'),
  ...digits('telu', 'te'),
  ...digits('thai', 'th'),
  ...digits('tibt', 'bo dz'),
}

/** Every numbering that some language may have. */
export const numberings = ['latn', ...new Set(Object.values(nativeDigits))]

/** The numberings that a feed in this language may have. */
export function numberingsFor(lang: string): string[] {
  const native = nativeDigits[languageOf(lang)]
  return ['latn', ...(native === undefined ? [] : [native])]
}

function digits(numbering: string, languages: string): Record<string, string> {
  return Object.fromEntries(languages.split(' ').map((language) => [language, numbering]))
}

function languageOf(lang: string): string {
  return lang.toLowerCase().split('-')[0] ?? ''
}
