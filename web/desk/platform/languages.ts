import type { en } from '../messages/en.ts'

/** The languages of the desk, by their own names. */
export const languages = { en: 'English', ar: 'العربية', es: 'Español' } as const
export type Language = keyof typeof languages

export function isLanguage(tag: string | null | undefined): tag is Language {
  return tag !== null && tag !== undefined && Object.hasOwn(languages, tag)
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}

type Messages = typeof en
export type MessageId = keyof Messages

/** Every language has the same messages: the type of the table says so. */
const tables: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('../messages/en.ts')).en,
  ar: async () => (await import('../messages/ar.ts')).ar,
  es: async () => (await import('../messages/es.ts')).es,
}

export function messagesOf(language: Language): Promise<Messages> {
  return tables[language]()
}
