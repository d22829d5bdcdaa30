import { isSameDay, minutesSince, type TimeText } from '../lines/time-text.ts'

// Loaded only by tickers in a language whose times the browser lacks.

/** The same texts that `timeText` has in a browser which knows the language; in `ckb` always the time of day. */
export const ownTimeText: TimeText = (instant, now, lang, timeZone) => {
  const texts = textsOf(lang)
  const minutes = minutesSince(Date.parse(instant), now)
  if (!texts?.ago || !(minutes < 60)) return ownClockText(instant, now, lang, timeZone)
  return withDigits(texts.ago[minutes ? 1 : 0].replace('#', String(minutes)), texts)
}

/** The same texts that `clockText` has in a browser which knows the language. */
export const ownClockText: TimeText = (instant, now, lang, timeZone) => {
  const at = Date.parse(instant)
  const texts = textsOf(lang)
  if (Number.isNaN(at) || !texts) return ''
  const { calendar, date, months } = texts
  const fields = { day: 'numeric', month: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('en', { ...fields, hourCycle: 'h23', calendar, timeZone })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const valueOf = (type: keyof typeof fields): string => parts.get(type) ?? ''
  const clock = `${valueOf('hour')}:${valueOf('minute')}`
  if (isSameDay(at, now, timeZone)) return withDigits(clock, texts)
  const month = months.split('|')[Number(valueOf('month')) - 1] ?? ''
  return withDigits(date.replace('MMM', month).replace('d', valueOf('day')).replace('HH:mm', clock), texts)
}

/** The texts of a locale; its digits may be chosen, as in `ckb-u-nu-latn`. */
function textsOf(locale: string): Texts | undefined {
  const [lang = '', numbering] = locale.split('-u-nu-')
  const texts = languages[lang]
  return texts && numbering === 'latn' ? { ...texts, digits: '0123456789' } : texts
}

function withDigits(text: string, { digits }: Texts): string {
  return text.replace(/\d/g, (digit) => digits.charAt(Number(digit)))
}

interface Texts {
  readonly digits: string
  /** undefined: the time of day shows from the first minute on. */
  readonly ago?: readonly [now: string, minutes: string]
  readonly calendar: string
  readonly date: string
  /** Short names, from the first month of the calendar's year on. */
  readonly months: string
}

/**
 * Unicode CLDR 48.2, the npm packages `cldr-dates-full` and `cldr-numbers-full`; versions 46 to 48.0 have the same. The
 * plural forms of minutes are equal in these languages. In `ckb`, CLDR has no words for "now" and "minutes ago".
 */
const languages: Readonly<Partial<Record<string, Texts>>> = {
  ckb: {
    digits: '٠١٢٣٤٥٦٧٨٩',
    calendar: 'gregory',
    date: 'dی MMM HH:mm',
    months:
      'کانوونی دووەم|شوبات|ئازار|نیسان|ئایار|حوزەیران|تەمووز|ئاب|ئەیلوول|تشرینی یەکەم|تشرینی دووەم|کانونی یەکەم',
  },
  my: {
    digits: '၀၁၂၃၄၅၆၇၈၉',
    ago: ['ယခု', 'ပြီးခဲ့သည့် # မိနစ်'],
    calendar: 'gregory',
    date: 'MMM d HH:mm',
    months: 'ဇန်|ဖေ|မတ်|ဧ|မေ|ဇွန်|ဇူ|ဩ|စက်|အောက်|နို|ဒီ',
  },
  ne: {
    digits: '०१२३४५६७८९',
    ago: ['अहिले', '# मिनेट पहिले'],
    calendar: 'gregory',
    date: 'MMM d, HH:mm',
    months: 'जनवरी|फेब्रुअरी|मार्च|अप्रिल|मे|जुन|जुलाई|अगस्ट|सेप्टेम्बर|अक्टोबर|नोभेम्बर|डिसेम्बर',
  },
  ps: {
    digits: '۰۱۲۳۴۵۶۷۸۹',
    ago: ['اوس', '# دقيقه مخکې'],
    // The calendar of Afghanistan has the days of the Persian one, and months with names of its own.
    calendar: 'persian',
    date: 'MMM d HH:mm',
    months: 'وری|غویی|غبرگولی|چنگاښ|زمری|وږی|تله|لړم|لیندۍ|مرغومی|سلواغه|کب',
  },
  sd: {
    digits: '٠١٢٣٤٥٦٧٨٩',
    ago: ['هاڻي', '# منٽ پهرين'],
    calendar: 'gregory',
    date: 'MMM d HH:mm',
    months: 'جنوري|فيبروري|مارچ|اپريل|مئي|جون|جولاءِ|آگسٽ|سيپٽمبر|آڪٽوبر|نومبر|ڊسمبر',
  },
}
