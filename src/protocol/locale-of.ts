/**
 * The locale in which times and numbers are written. Node and browsers of one year disagree about the digits of plain
 * `ar`, so Arabic has Western digits unless the feed has chosen others.
 */
export function localeOf(lang: string, numbering?: string): string {
  const [language = ''] = lang.toLowerCase().split('-')
  const digits = numbering ?? (language === 'ar' ? 'latn' : undefined)
  return digits === undefined ? language : `${language}-u-nu-${digits}`
}
