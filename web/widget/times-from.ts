/**
 * Five minutes ago in languages that browsers lack, as Unicode CLDR 48.2 has it and every version since 46. CLDR has no
 * such text in Central Kurdish (`ckb`), so that no browser has it either.
 */
const fiveMinutesAgo: ReadonlyMap<string, string> = new Map([
  ['ckb', ''],
  ['my', 'ပြီးခဲ့သည့် ၅ မိနစ်'],
  ['ne', '५ मिनेट पहिले'],
  ['ps', '۵ دقيقه مخکې'],
  ['sd', '٥ منٽ پهرين'],
])

/**
 * Where the times of a language without words come from: from the browser, or from a part of the ticker; undefined if
 * such lines have English times. One known output is compared, because `supportedLocalesOf` says yes for languages
 * whose texts are missing: findings/chromium-sindhi-without-texts.sh.
 */
export function timesFrom(language: string, fromBrowser = browserText): 'browser' | 'part' | undefined {
  const known = fiveMinutesAgo.get(language)
  if (known === undefined) return undefined
  return fromBrowser(language) === known ? 'browser' : 'part'
}

function browserText(language: string): string {
  return new Intl.RelativeTimeFormat(language, { style: 'short' }).format(-5, 'minute')
}
