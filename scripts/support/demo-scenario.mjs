/**
 * The headlines of the demo: an afternoon in the invented town of Marrowick. All names are invented.
 */

/** @import { Urgency } from '../../src/protocol/lists/urgencies.ts' */

/**
 * @typedef {object} DemoHeadline
 * @property {string} text
 * @property {string} [speaker]
 * @property {Urgency} [urgency]
 * @property {string} [section]
 * @property {string[]} [regions]
 * @property {string[]} [tags]
 * @property {string} [link]
 * @property {string} [story]
 *
 * @typedef {{ op: 'publish', feed: string, name?: string, headline: DemoHeadline, showsForMs?: number }
 *   | { op: 'correct', feed: string, name?: string, of: string, text: string, note: string }
 *   | { op: 'withdraw', feed: string, name?: string, of: string, reason: string, note: string }
 *   | { op: 'expire', feed: string, name?: string, of: string }} Step
 */

/** @type {Record<Urgency, number>} */
const undoMs = { flash: 0, bulletin: 0, urgent: 0, routine: 0 }

/** Releases headlines without delay, and allows equal texts so that the demo can be repeated. */
export const policy = {
  undoMs,
  duplicateWithinMs: 0,
  releasesPerMinute: 1000,
}

/** Feeds of the demo alone: it changes no other feed. */
export const feeds = [
  { id: 'demo-en', title: 'Demo: English', lang: 'en', policy },
  { id: 'demo-ar', title: 'عرض: العربية', lang: 'ar', policy },
  { id: 'demo-es', title: 'Demo: español', lang: 'es', policy },
  { id: 'demo-sport', title: 'Demo: Sport', lang: 'en', policy },
]

/**
 * Names of sections and regions in the languages of the feeds.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const labels = {
  'demo-ar': { city: 'المدينة', transport: 'النقل', marrowick: 'مارويك', 'north-shore': 'الساحل الشمالي' },
  'demo-es': {
    city: 'Ciudad',
    transport: 'Transporte',
    marrowick: 'Marrowick',
    'north-shore': 'Costa Norte',
  },
}

const bridge = { story: 'tarrow-bridge', section: 'city', regions: ['marrowick'] }
const cup = { story: 'lantern-cup', section: 'football', tags: ['lantern-cup'] }

/** @type {Step[]} */
export const scenario = [
  {
    op: 'publish',
    feed: 'demo-en',
    headline: {
      ...bridge,
      urgency: 'flash',
      text: 'Tarrow Bridge in Marrowick closed in both directions after crack is found',
      link: 'https://example.org/en/tarrow-bridge',
    },
  },
  {
    op: 'publish',
    feed: 'demo-es',
    headline: {
      ...bridge,
      urgency: 'flash',
      text: 'Cerrado en ambos sentidos el puente de Tarrow, en Marrowick, tras hallarse una grieta',
      link: 'https://example.org/es/puente-de-tarrow',
    },
  },
  {
    op: 'publish',
    feed: 'demo-ar',
    headline: {
      ...bridge,
      urgency: 'flash',
      text: 'إغلاق جسر تارو في مارويك في الاتجاهين بعد اكتشاف صدع فيه',
      link: 'https://example.org/ar/tarrow-bridge',
    },
  },
  {
    op: 'publish',
    feed: 'demo-en',
    headline: {
      ...bridge,
      speaker: 'Mayor Edda Quillory',
      text: 'Nobody is hurt. Please take the northern ferry until further notice.',
    },
  },
  {
    op: 'publish',
    feed: 'demo-sport',
    headline: {
      ...cup,
      urgency: 'urgent',
      text: 'Lantern Cup final to start 30 minutes late: supporters are held up at Tarrow Bridge',
      link: 'https://example.org/sport/lantern-cup',
    },
  },
  {
    op: 'publish',
    feed: 'demo-es',
    headline: {
      ...bridge,
      speaker: 'La alcaldesa Edda Quillory',
      text: 'No hay heridos. Utilicen el transbordador del norte hasta nuevo aviso.',
    },
  },
  {
    op: 'publish',
    feed: 'demo-ar',
    headline: {
      ...bridge,
      speaker: 'رئيسة البلدية إيدا كويلوري',
      text: 'لم يُصب أحد بأذى، ونرجو استخدام العبّارة الشمالية حتى إشعار آخر',
    },
  },
  {
    op: 'publish',
    feed: 'demo-en',
    name: 'cars',
    headline: {
      ...bridge,
      urgency: 'urgent',
      text: 'Some 400 cars were on the bridge when it was closed, the fire brigade says',
    },
  },
  {
    op: 'publish',
    feed: 'demo-en',
    name: 'tunnel',
    headline: {
      ...bridge,
      urgency: 'urgent',
      text: 'Water is coming into the Marrowick road tunnel, a witness says',
    },
  },
  {
    op: 'publish',
    feed: 'demo-sport',
    headline: {
      ...cup,
      text: 'Goal! Marrowick Rovers 1, Ambrel Town 0: Pim Haldrigg scores after 12 minutes',
    },
  },
  {
    op: 'correct',
    feed: 'demo-en',
    of: 'cars',
    text: 'Some 40 cars were on the bridge when it was closed, the fire brigade says',
    note: 'An earlier version said 400 cars.',
  },
  {
    op: 'publish',
    feed: 'demo-en',
    name: 'briefing',
    showsForMs: 4_000,
    headline: {
      ...bridge,
      urgency: 'routine',
      text: 'In a moment: the mayor speaks to the press at the town hall',
      link: 'https://example.org/en/live',
    },
  },
  {
    op: 'withdraw',
    feed: 'demo-en',
    of: 'tunnel',
    reason: 'The tunnel operator denies it',
    note: 'A report about the road tunnel could not be confirmed.',
  },
  {
    op: 'publish',
    feed: 'demo-ar',
    headline: {
      ...bridge,
      urgency: 'urgent',
      speaker: 'وزير النقل روبن تالفاسا',
      text: 'سيستغرق فحص الجسر يومين على الأقل، وسلامة المواطنين أولًا',
    },
  },
  { op: 'expire', feed: 'demo-en', of: 'briefing' },
  {
    op: 'publish',
    feed: 'demo-en',
    headline: {
      ...bridge,
      urgency: 'urgent',
      speaker: 'Transport Minister Ruben Talvasa',
      text: 'The inspection takes two days at least. Safety comes first.',
    },
  },
  {
    op: 'publish',
    feed: 'demo-es',
    headline: {
      ...bridge,
      urgency: 'urgent',
      speaker: 'El ministro de Transportes, Ruben Talvasa',
      text: 'La inspección durará al menos dos días. La seguridad es lo primero.',
    },
  },
  {
    op: 'publish',
    feed: 'demo-sport',
    name: 'equaliser',
    headline: {
      ...cup,
      text: 'Goal! Marrowick Rovers 1, Ambrel Town 1: Oru Benning scores after 51 minutes',
    },
  },
  {
    op: 'publish',
    feed: 'demo-en',
    headline: {
      story: 'tarrow-bridge',
      section: 'transport',
      regions: ['marrowick', 'north-shore'],
      urgency: 'routine',
      text: 'Ferry company Skerryline puts on six more crossings tonight',
      link: 'https://example.org/en/ferries',
    },
  },
  {
    op: 'publish',
    feed: 'demo-ar',
    headline: {
      story: 'tarrow-bridge',
      section: 'transport',
      regions: ['marrowick', 'north-shore'],
      urgency: 'routine',
      text: 'شركة العبّارات Skerryline تضيف ست رحلات هذا المساء',
      link: 'https://example.org/ar/ferries',
    },
  },
  {
    op: 'correct',
    feed: 'demo-sport',
    of: 'equaliser',
    text: 'Goal! Marrowick Rovers 1, Ambrel Town 1: Jass Pellow scores after 51 minutes',
    note: 'The goal was first given to Oru Benning.',
  },
  {
    op: 'publish',
    feed: 'demo-es',
    headline: {
      story: 'tarrow-bridge',
      section: 'transport',
      regions: ['marrowick', 'north-shore'],
      urgency: 'routine',
      text: 'La naviera Skerryline añade seis travesías esta noche',
      link: 'https://example.org/es/transbordadores',
    },
  },
  {
    op: 'publish',
    feed: 'demo-sport',
    headline: {
      ...cup,
      urgency: 'flash',
      text: 'Marrowick Rovers win the Lantern Cup, beating Ambrel Town 2–1',
      link: 'https://example.org/sport/lantern-cup',
    },
  },
  {
    op: 'publish',
    feed: 'demo-ar',
    headline: { ...bridge, text: 'فتح مسار واحد على جسر تارو أمام سيارات الإسعاف' },
  },
  {
    op: 'publish',
    feed: 'demo-en',
    headline: { ...bridge, text: 'One lane of Tarrow Bridge reopens for ambulances' },
  },
  {
    op: 'publish',
    feed: 'demo-es',
    headline: { ...bridge, text: 'Reabre un carril del puente de Tarrow para las ambulancias' },
  },
  {
    op: 'publish',
    feed: 'demo-sport',
    headline: {
      ...cup,
      urgency: 'routine',
      speaker: 'Rovers coach Lenna Orvath',
      text: 'This cup belongs to everybody who walked over to the ferry and still came.',
    },
  },
]
