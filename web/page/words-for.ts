import { lineWordsFor, type LineWords } from '../../src/protocol/line-words.ts'
import type { ConnectionState } from '../sdk/index.ts'

/** The page's own texts around a feed's lines. */
export interface PageWords extends LineWords {
  readonly status: Readonly<Record<ConnectionState, string>>
  readonly loading: string
  readonly empty: string
  readonly lost: string
  readonly stale: string
  readonly frozen: string
}

/** The texts in the feed's language, or in English if there is no translation. */
export function wordsFor(lang: string): PageWords {
  const [language = ''] = lang.toLowerCase().split('-')
  return translations.find((words) => words.lang === language) ?? english
}

const english: PageWords = {
  ...lineWordsFor('en'),
  status: {
    live: 'Live',
    connecting: 'Connecting',
    stale: 'May be behind',
    offline: 'Offline',
    refused: 'Refused',
    closed: 'Closed',
  },
  loading: 'Loading…',
  empty: 'No lines at the moment. New ones appear here by themselves.',
  lost: 'No live connection. Trying again; these lines may be out of date.',
  stale: 'The server cannot reach its log. Newer lines may be missing.',
  frozen: 'The newsroom has paused this feed. No new lines for now.',
}

const arabic: PageWords = {
  ...lineWordsFor('ar'),
  status: {
    live: 'مباشر',
    connecting: 'جارٍ الاتصال',
    stale: 'قد يكون متأخرًا',
    offline: 'غير متصل',
    refused: 'مرفوض',
    closed: 'مغلق',
  },
  loading: 'جارٍ التحميل…',
  empty: 'لا توجد أخبار عاجلة الآن. ستظهر الأخبار الجديدة هنا تلقائيًا.',
  lost: 'لا يوجد اتصال مباشر. تجري إعادة المحاولة، وقد لا تكون هذه الأخبار محدَّثة.',
  stale: 'تعذّر على الخادم الوصول إلى سجلّه، وقد تكون أخبار أحدث غائبة.',
  frozen: 'أوقف التحرير هذا البث مؤقتًا. لا أخبار جديدة في الوقت الحالي.',
}

const spanish: PageWords = {
  ...lineWordsFor('es'),
  status: {
    live: 'En directo',
    connecting: 'Conectando',
    stale: 'Puede ir con retraso',
    offline: 'Sin conexión',
    refused: 'Rechazado',
    closed: 'Cerrado',
  },
  loading: 'Cargando…',
  empty: 'No hay titulares por ahora. Los nuevos aparecerán aquí automáticamente.',
  lost: 'Sin conexión en directo. Reintentando; estos titulares pueden no estar al día.',
  stale: 'El servidor no puede leer su registro. Pueden faltar titulares recientes.',
  frozen: 'La redacción ha pausado esta edición. Por ahora no hay titulares nuevos.',
}

const translations = [english, arabic, spanish]
