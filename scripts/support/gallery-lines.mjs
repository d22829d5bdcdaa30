/**
 * The headlines of the ticker's gallery: one of each urgency, with a speaker, a correction, a pin and a link. All names
 * are invented.
 */

/** @import { DemoHeadline } from './demo-scenario.mjs' */

/**
 * @typedef {object} GalleryLine
 * @property {DemoHeadline} headline
 * @property {{ text: string, note: string }} [correction]
 * @property {boolean} [pinned]
 */

/** @type {Record<string, GalleryLine[]>} by the language of the feed; the flash, which is posted last, is the newest */
export const galleryLines = {
  en: [
    {
      headline: {
        urgency: 'routine',
        text: 'Ferry company Skerryline puts on six more crossings tonight',
        link: 'https://example.org/en/ferries',
      },
    },
    {
      headline: { urgency: 'urgent', text: 'Lantern Cup final to start 30 minutes late' },
      pinned: true,
    },
    {
      headline: {
        urgency: 'bulletin',
        text: 'Some 400 cars were on the bridge when it was closed, the fire brigade says',
      },
      correction: {
        text: 'Some 40 cars were on the bridge when it was closed, the fire brigade says',
        note: 'The number of cars was wrong.',
      },
    },
    {
      headline: {
        urgency: 'flash',
        speaker: 'Mayor Ida Quillory',
        text: 'Tarrow Bridge is closed in both directions after a crack is found',
      },
    },
  ],
  ar: [
    {
      headline: {
        urgency: 'routine',
        text: 'شركة العبّارات Skerryline تضيف ست رحلات هذا المساء',
        link: 'https://example.org/ar/ferries',
      },
    },
    {
      headline: { urgency: 'urgent', text: 'تأخير نهائي كأس الفانوس 30 دقيقة' },
      pinned: true,
    },
    {
      headline: { urgency: 'bulletin', text: 'نحو 400 سيارة كانت على الجسر عند إغلاقه، وفق فرق الإطفاء' },
      correction: {
        text: 'نحو 40 سيارة كانت على الجسر عند إغلاقه، وفق فرق الإطفاء',
        note: 'كان عدد السيارات خاطئًا.',
      },
    },
    {
      headline: {
        urgency: 'flash',
        speaker: 'رئيسة البلدية إيدا كويلوري',
        text: 'إغلاق جسر تارو في الاتجاهين بعد اكتشاف صدع فيه',
      },
    },
  ],
}
