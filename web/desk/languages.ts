/** The languages of the desk, by their own names. */
export const languages = { en: 'English', ar: 'العربية', es: 'Español' } as const
export type Language = keyof typeof languages

export function isLanguage(tag: string | null | undefined): tag is Language {
  return tag !== null && tag !== undefined && Object.hasOwn(languages, tag)
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}

type Messages = typeof import('./messages/en.json')
export type MessageId = keyof Messages

/** Every file has the same messages: the type of the table says so. */
const files: Readonly<Record<Language, () => Promise<{ default: Messages }>>> = {
  en: () => import('./messages/en.json'),
  ar: () => import('./messages/ar.json'),
  es: () => import('./messages/es.json'),
}

export async function messagesOf(language: Language): Promise<Messages> {
  return (await files[language]()).default
}
