/** The word that stands over everything that a drill shows, by language. */
const words: Readonly<Record<string, string>> = {
  en: 'DRILL',
  ar: 'تدريب',
  es: 'SIMULACRO',
  fr: 'EXERCICE',
  de: 'ÜBUNG',
  pt: 'SIMULACRO',
  he: 'תרגיל',
  it: 'ESERCITAZIONE',
  nl: 'OEFENING',
  tr: 'TATBİKAT',
  fa: 'تمرین',
}

export interface DrillWord {
  readonly lang: string
  readonly text: string
}

/** The word in a language, or in English for a language without a word. */
export function drillWord(lang: string): DrillWord {
  const [language = ''] = lang.toLowerCase().split('-')
  const own = Object.hasOwn(words, language) ? words[language] : undefined
  return own === undefined ? { lang: 'en', text: 'DRILL' } : { lang: language, text: own }
}
