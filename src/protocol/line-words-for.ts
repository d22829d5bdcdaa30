import { directionOf } from './direction-of.ts'
import type { FeedTitle } from './feed.ts'
import { english, type PageLineWords } from './line-words.ts'
import { localeOf } from './locale-of.ts'
import { withOwnWords, type OwnWords } from './own-words.ts'

/** The words of a language; English for a language without words. */
export function lineWordsFor(lang: string): PageLineWords {
  const [language = ''] = lang.toLowerCase().split('-')
  return translations.find((words) => words.lang === language) ?? pageEnglish
}

/**
 * The words around a feed's lines, with the feed's own words and digits.
 *
 * @param lang another language than the feed's
 */
export function lineWordsOf(
  feed: Pick<FeedTitle, 'lang' | 'numbering'>,
  own: OwnWords | undefined,
  lang = feed.lang,
): PageLineWords {
  return withOwnWords(lineWordsFor(lang), lang, feed, own)
}

const pageEnglish: PageLineWords = { ...english, notLive: 'Not live. These lines may be out of date.' }

/** Language, flash, bulletin, urgent, routine, and then the other words in the order of `PageLineWords`. */
const rows = [
  'ar|عاجل|نبأ مهم|مهم|خبر|صُحِّح|حُدِّث|مثبَّت|لا أخبار عاجلة|أوقفه التحرير|غير متاح|ليس بثًّا مباشرًا، وقد لا تكون هذه الأخبار محدَّثة.',
  'es|Última hora|Boletín|Urgente|Noticia|Corregido|Actualizado|Fijado|Sin noticias de última hora|Detenido por la redacción|No disponible|Sin directo: estos titulares pueden no estar al día.',
  'fr|Flash|Bulletin|Urgent|Info|Corrigé|Mis à jour|Épinglé|Aucune info de dernière minute|Suspendu par la rédaction|Indisponible|Pas en direct : ces titres peuvent ne plus être à jour.',
  'de|Blitz|Bulletin|Eilig|Meldung|Korrigiert|Aktualisiert|Angeheftet|Keine Eilmeldungen|Von der Redaktion angehalten|Nicht verfügbar|Nicht live: Diese Meldungen können veraltet sein.',
  'pt|Flash|Boletim|Urgente|Notícia|Corrigido|Atualizado|Fixado|Sem notícias de última hora|Parado pela redação|Indisponível|Não é em direto: estes títulos podem estar desatualizados.',
  'he|מבזק|דחוף ביותר|דחוף|חדשות|תוקן|עודכן|מוצמד|אין מבזקים|הופסק על ידי המערכת|לא זמין|לא בשידור חי: ייתכן שהשורות אינן מעודכנות.',
  'it|Flash|Bollettino|Urgente|Notizia|Corretto|Aggiornato|In evidenza|Nessuna notizia dell’ultima ora|Fermato dalla redazione|Non disponibile|Non in diretta: queste notizie possono non essere aggiornate.',
  'nl|Flits|Bulletin|Dringend|Nieuws|Gecorrigeerd|Bijgewerkt|Vastgezet|Geen laatste nieuws|Stilgezet door de redactie|Niet beschikbaar|Niet live: deze regels kunnen verouderd zijn.',
  'tr|Flaş|Bülten|Acil|Haber|Düzeltildi|Güncellendi|Sabitlendi|Son dakika haberi yok|Haber merkezi durdurdu|Kullanılamıyor|Canlı değil: bu satırlar güncel olmayabilir.',
  'fa|فوری|خبر مهم|مهم|خبر|تصحیح شد|به‌روز شد|سنجاق‌شده|خبر فوری نیست|تحریریه متوقف کرده است|در دسترس نیست|زنده نیست؛ شاید این خبرها به‌روز نباشند.',
]

export const translations: readonly PageLineWords[] = rows.map((row) => {
  const [lang = '', flash = '', bulletin = '', urgent = '', routine = '', ...others] = row.split('|')
  const [corrected = '', updated = '', pinned = '', empty = '', frozen = '', refused = '', notLive = ''] =
    others
  const urgency = { flash, bulletin, urgent, routine }
  const dir = directionOf(lang)
  const locale = localeOf(lang)
  return { lang, dir, locale, urgency, corrected, updated, pinned, empty, frozen, refused, notLive }
})
