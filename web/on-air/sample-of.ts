/** Text of a usual news line, by which the width of a usual word is measured. */
const samples: Readonly<Record<string, string>> = {
  ar: 'أعلنت وزارة الخارجية أن المحادثات بين الجانبين ستستأنف يوم الاثنين المقبل في العاصمة بعد توقف دام أسبوعين',
  en: 'The foreign ministry said talks between the two sides would resume in the capital on Monday after a break of two weeks',
  es: 'El ministerio de Exteriores anunció que las conversaciones entre ambas partes se reanudarán el lunes en la capital',
}

export function sampleOf(lang: string): { readonly text: string; readonly count: number } {
  const [language = ''] = lang.toLowerCase().split('-')
  const text = samples[language] ?? samples.en ?? ''
  return { text, count: text.split(' ').length }
}
