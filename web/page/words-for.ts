import type { FeedTitle } from '../../src/protocol/feed.ts'
import type { Labels } from '../../src/protocol/label-of.ts'
import { lineWordsOf } from '../../src/protocol/line-words-for.ts'
import type { OwnTable } from '../../src/protocol/own-table.ts'
import type { PageLineWords } from '../../src/protocol/line-words.ts'
import type { ConnectionState } from '../sdk/index.ts'

/** The words around a feed's lines, and the page's own texts. */
export interface PageWords extends PageLineWords {
  readonly status: Readonly<Record<ConnectionState, string>>
  readonly loading: string
  readonly lost: string
  readonly stale: string
  /** The feed's names of sections and regions. */
  readonly labels: Labels
}

/** The texts in the feed's language, with its own words, or in English if there is no translation. */
export function wordsFor(feed: Pick<FeedTitle, 'lang' | 'numbering'>, table?: OwnTable): PageWords {
  const lineWords = lineWordsOf(feed, table?.words)
  const { [lineWords.lang]: row = rows.en ?? '' } = rows
  const [live = '', connecting = '', stale = '', offline = '', closed = '', ...notices] = row.split('|')
  const [loading = '', lost = '', mayMiss = ''] = notices
  const { words: { offline: ownOffline } = {}, labels = {} } = table ?? {}
  const { refused } = lineWords
  const status = { live, connecting, stale, offline: ownOffline ?? offline, closed, refused }
  return { ...lineWords, status, loading, lost, stale: mayMiss, labels }
}

/** Live, connecting, stale, offline, closed; loading, lost, and the notice of a feed that is stale. */
const rows: Readonly<Record<string, string>> = {
  en: 'Live|Connecting|May be behind|Offline|Closed|Loading…|No live connection. Trying again; these lines may be out of date.|The server cannot reach its log. Newer lines may be missing.',
  ar: 'مباشر|جارٍ الاتصال|قد يكون متأخرًا|غير متصل|مغلق|جارٍ التحميل…|لا يوجد اتصال مباشر. تجري إعادة المحاولة، وقد لا تكون هذه الأخبار محدَّثة.|تعذّر على الخادم الوصول إلى سجلّه، وقد تكون أخبار أحدث غائبة.',
  es: 'En directo|Conectando|Puede ir con retraso|Sin conexión|Cerrado|Cargando…|Sin conexión en directo. Reintentando; estos titulares pueden no estar al día.|El servidor no puede leer su registro. Pueden faltar titulares recientes.',
  fr: 'En direct|Connexion|Peut-être en retard|Hors ligne|Fermé|Chargement…|Pas de connexion en direct. Nouvel essai en cours ; ces titres peuvent ne plus être à jour.|Le serveur ne peut pas lire son journal. Des titres récents peuvent manquer.',
  de: 'Live|Verbindung wird aufgebaut|Vielleicht im Rückstand|Offline|Geschlossen|Wird geladen…|Keine Live-Verbindung. Neuer Versuch läuft; diese Meldungen können veraltet sein.|Der Server erreicht sein Protokoll nicht. Neuere Meldungen können fehlen.',
  pt: 'Em direto|A ligar|Pode estar atrasado|Sem ligação|Fechado|A carregar…|Sem ligação em direto. Nova tentativa em curso; estes títulos podem estar desatualizados.|O servidor não consegue ler o seu registo. Podem faltar títulos recentes.',
  he: 'שידור חי|מתחבר|ייתכן פיגור|לא מחובר|סגור|טוען…|אין חיבור חי. מנסה שוב; ייתכן שהשורות אינן מעודכנות.|השרת אינו מצליח לקרוא את היומן שלו. ייתכן ששורות חדשות חסרות.',
  it: 'In diretta|Connessione in corso|Può essere in ritardo|Non in linea|Chiuso|Caricamento…|Nessuna connessione in diretta. Nuovo tentativo in corso; queste notizie possono non essere aggiornate.|Il server non riesce a leggere il suo registro. Possono mancare notizie recenti.',
  nl: 'Live|Verbinden|Loopt mogelijk achter|Offline|Gesloten|Laden…|Geen live verbinding. Er wordt opnieuw geprobeerd; deze regels kunnen verouderd zijn.|De server kan zijn logboek niet lezen. Nieuwere regels kunnen ontbreken.',
  tr: 'Canlı|Bağlanıyor|Gecikmiş olabilir|Çevrimdışı|Kapalı|Yükleniyor…|Canlı bağlantı yok. Yeniden deneniyor; bu satırlar güncel olmayabilir.|Sunucu kayıtlarını okuyamıyor. Yeni satırlar eksik olabilir.',
  fa: 'زنده|در حال اتصال|شاید عقب باشد|آفلاین|بسته|در حال بارگذاری…|اتصال زنده نیست. تلاش دوباره ادامه دارد؛ شاید این خبرها به‌روز نباشند.|سرور به گزارش رویدادهای خود دسترسی ندارد. شاید خبرهای تازه‌تر نباشند.',
}
