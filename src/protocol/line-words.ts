import type { Urgency } from './lists/urgencies.ts'

/** Words around a line in one language. */
export interface LineWords {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly urgency: Readonly<Record<Urgency, string>>
  readonly corrected: string
  readonly pinned: string
  readonly noLines: string
  /** The note of lines that are not live. */
  readonly notLive: string
}

/** The words of a language; English for a language without words. */
export function lineWordsFor(lang: string): LineWords {
  const [language = ''] = lang.toLowerCase().split('-')
  return spoken.find((words) => words.lang === language) ?? english
}

/** The log and newer servers may have an urgency that this version does not know. */
export function urgencyWord({ urgency: words }: LineWords, urgency: string): string {
  return (words as Partial<Record<string, string>>)[urgency] ?? urgency
}

const english: LineWords = {
  lang: 'en',
  dir: 'ltr',
  urgency: { flash: 'Flash', bulletin: 'Bulletin', urgent: 'Urgent', routine: 'Routine' },
  corrected: 'Corrected',
  pinned: 'Pinned',
  noLines: 'No lines at the moment.',
  notLive: 'Not live. These lines may be out of date.',
}

const arabic: LineWords = {
  lang: 'ar',
  dir: 'rtl',
  urgency: { flash: 'عاجل جدًا', bulletin: 'نبأ عاجل', urgent: 'عاجل', routine: 'عادي' },
  corrected: 'صُحِّح في',
  pinned: 'مثبَّت',
  noLines: 'لا توجد أخبار عاجلة الآن.',
  notLive: 'ليس بثًّا مباشرًا، وقد لا تكون هذه الأخبار محدَّثة.',
}

const spanish: LineWords = {
  lang: 'es',
  dir: 'ltr',
  urgency: { flash: 'Última hora', bulletin: 'Boletín', urgent: 'Urgente', routine: 'Normal' },
  corrected: 'Corregido',
  pinned: 'Fijado',
  noLines: 'No hay titulares por ahora.',
  notLive: 'Sin directo: estos titulares pueden no estar al día.',
}

const spoken = [english, arabic, spanish]
