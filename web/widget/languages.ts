import type { TickerWords } from './words.ts'

// Loaded only by tickers in another language than English.

export { timesFrom } from './times-from.ts'

const names = [
  'lang',
  'breaking',
  'flash',
  'bulletin',
  'urgent',
  'routine',
  'corrected',
  'pause',
  'play',
  'previous',
  'next',
  'hide',
  'waiting',
  'recalled',
  'empty',
  'unconfirmed',
  'frozen',
  'refused',
  'offline',
  'show',
  'withdrawn',
  'held',
] as const

/** A row a language, in the order of the names. */
const rows = [
  'ar|عاجل|عاجل جدًا|نبأ عاجل|مهم|خبر|صُحِّح #|إيقاف مؤقت|تشغيل|السابق|التالي|إخفاء|أخبار جديدة: #|سُحب خبر|لا أخبار عاجلة|غير مؤكَّد منذ #|أوقفه التحرير|غير متاح|غير متصل|إظهار|سُحب|معلَّق منذ',
  'es|Última hora|Flash|Boletín|Urgente|Noticia|Corregido #|Pausar|Reanudar|Anterior|Siguiente|Ocultar|Titulares nuevos: #|Se ha retirado un titular|Sin noticias de última hora|Sin confirmar desde #|Detenido por la redacción|No disponible|Sin conexión|Mostrar|Retirado|En espera desde',
  'fr|Dernière minute|Flash|Bulletin|Urgent|Info|Corrigé #|Pause|Reprendre|Précédent|Suivant|Masquer|Nouveaux titres : #|Un titre a été retiré|Aucune info de dernière minute|Non confirmé depuis #|Suspendu par la rédaction|Indisponible|Hors ligne|Afficher|Retiré|Suspendu depuis',
  'de|Eilmeldung|Blitz|Bulletin|Eilig|Meldung|Korrigiert #|Anhalten|Weiter|Zurück|Vor|Ausblenden|Neue Zeilen: #|Eine Zeile wurde zurückgezogen|Keine Eilmeldungen|Nicht bestätigt seit #|Von der Redaktion angehalten|Nicht verfügbar|Offline|Anzeigen|Zurückgezogen|Zurückgehalten seit',
  'pt|Última hora|Flash|Boletim|Urgente|Notícia|Corrigido #|Pausar|Retomar|Anterior|Seguinte|Ocultar|Novos títulos: #|Um título foi retirado|Sem notícias de última hora|Não confirmado desde #|Parado pela redação|Indisponível|Sem ligação|Mostrar|Retirado|Suspenso desde',
  'he|מבזק|דחוף ביותר|מבזק|דחוף|חדשות|תוקן #|השהה|המשך|הקודם|הבא|הסתר|שורות חדשות: #|שורה נמשכה|אין מבזקים|לא אושר מאז #|הופסק על ידי המערכת|לא זמין|לא מחובר|הצג|נמשך|מושהה מאז',
  'it|Ultim’ora|Flash|Bollettino|Urgente|Notizia|Corretto #|Pausa|Riprendi|Precedente|Successivo|Nascondi|Nuove notizie: #|Una notizia è stata ritirata|Nessuna notizia dell’ultima ora|Non confermato da #|Fermato dalla redazione|Non disponibile|Non in linea|Mostra|Ritirato|Sospeso da',
  'nl|Laatste nieuws|Flits|Bulletin|Dringend|Nieuws|Gecorrigeerd #|Pauze|Afspelen|Vorige|Volgende|Verbergen|Nieuwe regels: #|Een regel is ingetrokken|Geen laatste nieuws|Niet bevestigd sinds #|Stilgezet door de redactie|Niet beschikbaar|Offline|Tonen|Ingetrokken|Aangehouden sinds',
  'tr|Son dakika|Flaş|Bülten|Acil|Haber|Düzeltildi #|Duraklat|Oynat|Önceki|Sonraki|Gizle|Yeni satırlar: #|Bir satır geri çekildi|Son dakika haberi yok|Doğrulanmadı: #|Haber merkezi durdurdu|Kullanılamıyor|Çevrimdışı|Göster|Geri çekildi|Askıda:',
  'fa|خبر فوری|بسیار فوری|فوری|مهم|خبر|تصحیح شد #|مکث|پخش|قبلی|بعدی|پنهان کردن|خبرهای تازه: #|یک خبر پس گرفته شد|خبر فوری نیست|تأیید نشده از #|تحریریه متوقف کرده است|در دسترس نیست|آفلاین|نمایش|پس گرفته شد|معلق از',
]

export const languages: readonly TickerWords[] = rows.map(
  (row) =>
    Object.fromEntries(row.split('|').map((word, n) => [names[n], word])) as Record<
      (typeof names)[number],
      string
    >,
)
