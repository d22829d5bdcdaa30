/**
 * The lines of the desk's pictures. `inHours`: when it is released; the others are out, unless `then` says otherwise.
 *
 * @typedef {{ text: string, speaker?: string, urgency?: string, section?: string, then?: 'submit' | 'keep',
 *   inHours?: number, held?: boolean, pinned?: boolean, correction?: { text: string, note: string } }} DeskLine
 */

/** @type {Readonly<Record<'en' | 'ar', { title: string, lines: readonly DeskLine[] }>>} */
export const deskLines = {
  en: {
    title: 'Breaking news',
    lines: [
      { text: 'Council of Marrowick votes for the new tram', section: 'city' },
      { text: 'Markets open higher after the central bank keeps its rate', section: 'money' },
      {
        text: 'Ferries to Orrin stop until noon',
        urgency: 'urgent',
        section: 'city',
        correction: { text: 'Ferries to Orrin stop until three', note: 'An earlier line said noon.' },
      },
      { text: 'The school stays closed tomorrow', speaker: 'Mayor Lind', section: 'city' },
      { text: 'Airport closes its north runway', urgency: 'urgent', section: 'city', held: true },
      { text: 'Bridge of Marrowick closed after a crack is found', urgency: 'urgent', pinned: true },
      { text: 'Trains run again between Marrowick and Tarn', section: 'city', then: 'submit' },
      { text: 'Parliament debates the water law', section: 'politics', then: 'keep' },
      { text: 'Budget for next year is 4.2 billion', section: 'politics', inHours: 2 },
      { text: 'Storm warning for the coast', urgency: 'bulletin', section: 'weather' },
    ],
  },
  ar: {
    title: 'أخبار عاجلة',
    lines: [
      { text: 'مجلس المدينة يوافق على خط الترام الجديد', section: 'city' },
      { text: 'الأسواق تفتح على ارتفاع بعد قرار المصرف المركزي', section: 'money' },
      { text: 'المدرسة تبقى مغلقة غدا', speaker: 'العمدة', section: 'city' },
      { text: 'المطار يغلق المدرج الشمالي', urgency: 'urgent', section: 'city', held: true },
      { text: 'إغلاق الجسر بعد اكتشاف صدع فيه', urgency: 'urgent', pinned: true },
      { text: 'عودة القطارات بين المدينتين', section: 'city', then: 'submit' },
      { text: 'البرلمان يناقش قانون المياه', section: 'politics', then: 'keep' },
      { text: 'ميزانية العام المقبل أربعة مليارات', section: 'politics', inHours: 2 },
      { text: 'تحذير من عاصفة على الساحل', urgency: 'bulletin', section: 'weather' },
    ],
  },
}
