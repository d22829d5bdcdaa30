import { fold } from './words.ts'

/** Words in front of a headline that only say how urgent or how new it is. */
const labels = [
  ...[
    'breaking',
    'breaking news',
    'just in',
    'newsflash',
    'news flash',
    'news alert',
    'top story',
    'developing',
  ],
  ...['eilmeldung', 'eil', 'urgente', 'última hora', 'último momento', 'últimas noticias', 'alerte info'],
  ...[
    'dernière minute',
    'dernière heure',
    'última hora',
    'ultim ora',
    'ultima ora',
    'laatste nieuws',
    'net binnen',
  ],
  ...[
    'senaste nytt',
    'siste nytt',
    'seneste nyt',
    'z ostatniej chwili',
    'pilne',
    'срочно',
    'молния',
    'терміново',
  ],
  ...[
    'son dakika',
    'flaş',
    'έκτακτο',
    'έκτακτη είδηση',
    'عاجل',
    'خبر عاجل',
    'فوری',
    'خبر فوری',
    'فوري',
    'بریکنگ نیوز',
  ],
  ...['ब्रेकिंग', 'ब्रेकिंग न्यूज', 'ब्रेकिंग न्यूज़', 'तत्काल', 'ব্রেকিং', 'ব্রেকিং নিউজ', 'דחוף', 'מבזק'],
  ...[
    '突发',
    '突發',
    '快讯',
    '快訊',
    '速报',
    '速報',
    '号外',
    '號外',
    '緊急速報',
    '속보',
    '긴급',
    'ด่วน',
    'ข่าวด่วน',
  ],
  ...['tin nóng', 'tin khẩn', 'berita terkini', 'terkini', 'habari za hivi punde'],
]
/** Words that are labels only where a mark divides them from the headline: "Urgent: …", and not "Urgent talks begin". */
const dividedLabels = [
  ...[
    'urgent',
    'flash',
    'alert',
    'live',
    'update',
    'updated',
    'latest',
    'exclusive',
    'news',
    'bulletin',
    'watch',
  ],
  ...['live updates', 'eil +++', 'dringend', 'exklusiv', 'en direct', 'direct', 'exclusif', 'alerte', 'info'],
  ...[
    'directo',
    'en vivo',
    'exclusiva',
    'actualización',
    'alerta',
    'ao vivo',
    'atualização',
    'diretta',
    'aggiornamento',
  ],
  ...[
    'spoed',
    'akut',
    'haster',
    'обновление',
    'эксклюзив',
    'внимание',
    'canlı',
    'acil',
    'güncelleme',
    'مباشر',
  ],
  ...[
    'تحديث',
    'زنده',
    'لحظه به لحظه',
    'लाइव',
    'अपडेट',
    'חי',
    '最新',
    '独家',
    '直播',
    '更新',
    '速',
    '중계',
    'mới',
    'langsung',
  ],
]

const FRONT = '^[\\s\\p{P}\\p{S}]*'
const DIVIDER = '[.:!|\\])}」』】》〉〕·•…\\u2013\\u2014-]'
const BEHIND = `[\\s.,:!|+\\])}」』】》〉〕·•…\\u2013\\u2014-]*`
const LABEL = new RegExp(`${FRONT}(?:${anyOf(labels)})(?![\\p{L}\\p{M}\\p{N}])${BEHIND}`, 'u')
const DIVIDED_LABEL = new RegExp(
  `${FRONT}(?:${anyOf(dividedLabels)})(?:\\s*\\d{1,2})?\\s*${DIVIDER}${BEHIND}`,
  'u',
)
/** "BREAKING: URGENT: …"; more labels in front are part of the text. */
const MOST_LABELS = 4

/** The folded text without the labels in front of it; a text that is only a label is kept. */
export function withoutLabels(folded: string): string {
  let rest = folded
  for (let count = 0; count < MOST_LABELS; count++) {
    const shorter = rest.replace(LABEL, '').replace(DIVIDED_LABEL, '')
    if (shorter === rest || shorter === '') break
    rest = shorter
  }
  return rest
}

/** Without spaces too, as in a hashtag. Longer labels first, so that "breaking news" is not taken for "breaking". */
function anyOf(words: readonly string[]): string {
  return words
    .map((word) => fold(word).replaceAll('+', '\\+').replaceAll(' ', '\\s*'))
    .sort((one, other) => other.length - one.length)
    .join('|')
}
