import { translations } from '../../src/protocol/line-words-for.ts'
import type { TickerWords } from './ticker-words.ts'

// Loaded only by tickers in another language than English.

export { timesFrom } from './times-from.ts'

const names = [
  'breaking',
  'pause',
  'play',
  'previous',
  'next',
  'hide',
  'waiting',
  'recalled',
  'unconfirmed',
  'offline',
  'show',
  'withdrawn',
  'held',
] as const

/** The ticker's own texts, in the order of the names. */
const rows: Readonly<Record<string, string>> = {
  ar: 'عاجل|إيقاف مؤقت|تشغيل|السابق|التالي|إخفاء|أخبار جديدة: #|سُحب خبر|غير مؤكَّد منذ #|غير متصل|إظهار|سُحب|معلَّق منذ',
  es: 'Última hora|Pausar|Reanudar|Anterior|Siguiente|Ocultar|Titulares nuevos: #|Se ha retirado un titular|Sin confirmar desde #|Sin conexión|Mostrar|Retirado|En espera desde',
  fr: 'Dernière minute|Pause|Reprendre|Précédent|Suivant|Masquer|Nouveaux titres : #|Un titre a été retiré|Non confirmé depuis #|Hors ligne|Afficher|Retiré|Suspendu depuis',
  de: 'Eilmeldung|Anhalten|Weiter|Zurück|Vor|Ausblenden|Neue Zeilen: #|Eine Zeile wurde zurückgezogen|Nicht bestätigt seit #|Offline|Anzeigen|Zurückgezogen|Zurückgehalten seit',
  pt: 'Última hora|Pausar|Retomar|Anterior|Seguinte|Ocultar|Novos títulos: #|Um título foi retirado|Não confirmado desde #|Sem ligação|Mostrar|Retirado|Suspenso desde',
  he: 'מבזק|השהה|המשך|הקודם|הבא|הסתר|שורות חדשות: #|שורה נמשכה|לא אושר מאז #|לא מחובר|הצג|נמשך|מושהה מאז',
  it: 'Ultim’ora|Pausa|Riprendi|Precedente|Successivo|Nascondi|Nuove notizie: #|Una notizia è stata ritirata|Non confermato da #|Non in linea|Mostra|Ritirato|Sospeso da',
  nl: 'Laatste nieuws|Pauze|Afspelen|Vorige|Volgende|Verbergen|Nieuwe regels: #|Een regel is ingetrokken|Niet bevestigd sinds #|Offline|Tonen|Ingetrokken|Aangehouden sinds',
  tr: 'Son dakika|Duraklat|Oynat|Önceki|Sonraki|Gizle|Yeni satırlar: #|Bir satır geri çekildi|Doğrulanmadı: #|Çevrimdışı|Göster|Geri çekildi|Askıda:',
  fa: 'خبر فوری|مکث|پخش|قبلی|بعدی|پنهان کردن|خبرهای تازه: #|یک خبر پس گرفته شد|تأیید نشده از #|آفلاین|نمایش|پس گرفته شد|معلق از',
}

export const languages: readonly TickerWords[] = translations.map((lineWords) => {
  const texts = (rows[lineWords.lang] ?? '').split('|')
  const own = Object.fromEntries(names.map((name, n) => [name, texts[n] ?? '']))
  return { ...lineWords, ...(own as Record<(typeof names)[number], string>) }
})
