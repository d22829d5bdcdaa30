/** A character that may not stand in a line of text. */
export interface RefusedCharacter {
  /** As `U+200B`. */
  readonly character: string
  /** Its index in the text, in code points. */
  readonly position: number
  /** The character, its position and the way out, in an editor's words. */
  readonly message: string
}

/**
 * The text without the invisible characters that change nothing, or the first character that may not stand in it.
 * PROTOCOL.md has the table. An invisible character is kept only where a script or an emoji needs it, and never twice
 * in a row: a run of such characters can hide any bytes in a line. `offset` is the position of the first character.
 */
export function withoutInvisible(text: string, offset = 0): string | RefusedCharacter {
  if (!SPECIAL.test(text)) return text
  const characters = Array.from(text)
  let kept = ''
  for (let position = 0; position < characters.length; position++) {
    const character = characters[position] ?? ''
    const flag = character === BLACK_FLAG ? flagAt(characters, position) : undefined
    const rule = SPECIAL.test(character) ? rules.find(({ matches }) => matches.test(character)) : undefined
    const fate = rule?.fate(kept.slice(-LONGEST_CONTEXT), characters[position + 1] ?? '') ?? 'kept'
    if (rule && fate === 'refused') return refusedCharacter(character, offset + position, rule)
    if (fate === 'kept') kept += flag ?? character
    if (flag !== undefined) position += FLAG_LENGTH - 1
  }
  return kept
}

/** Emoji tag sequences (UTS #51) of the flags of England, Scotland and Wales; no others are in general use. */
export const TAG_FLAGS =
  /\u{1f3f4}(\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073}))\u{e007f}/gu
const BLACK_FLAG = '\u{1f3f4}'
const FLAG_LENGTH = 7

type Fate = 'kept' | 'taken out' | 'refused'
interface Rule {
  readonly matches: RegExp
  readonly name: string
  readonly wayOut?: string
  /** By the text before the character, as it is kept, and the next character. */
  fate(before: string, after: string): Fate
}

/** Every character that a rule concerns; all others are kept. */
const SPECIAL = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\ufff9-\ufffc\u{1d159}]|\u{16fe4}/u

/** The scripts whose letters join or form conjuncts: (non-)joiners change how their words look. */
const JOINING =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mand}\\p{scx=Nkoo}\\p{scx=Adlm}\\p{scx=Rohg}\\p{scx=Mong}\\p{scx=Phag}' +
  '\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}' +
  '\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}\\p{scx=Lana}\\p{scx=Java}\\p{scx=Bali}' +
  '\\p{scx=Sund}\\p{scx=Cakm}\\p{scx=Newa}\\p{scx=Tirh}'
/** The scripts whose words have no space between them: a zero-width space shows where a line may end. */
const UNSPACED =
  '\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Lana}\\p{scx=Tale}\\p{scx=Talu}\\p{scx=Tavt}' +
  '\\p{scx=Java}\\p{scx=Bali}\\p{scx=Tibt}'

/** The longest text that a rule looks back at: an emoji with a skin tone. */
const LONGEST_CONTEXT = 4
const AFTER_JOINING = new RegExp(`(?=[\\p{L}\\p{M}])(?!\\p{DI})[${JOINING}]$`, 'u')
const AFTER_JOINING_MARK = new RegExp(`(?=\\p{M})(?!\\p{DI})[${JOINING}]$`, 'u')
const JOINING_LETTER = new RegExp(`^(?=[\\p{L}\\p{M}])(?!\\p{DI})[${JOINING}]`, 'u')
const AFTER_UNSPACED = new RegExp(`(?=[\\p{L}\\p{M}\\p{N}])[${UNSPACED}]$`, 'u')
const UNSPACED_LETTER = new RegExp(`^(?=[\\p{L}\\p{M}\\p{N}])[${UNSPACED}]`, 'u')
/** Chinese and Japanese need no mark where a line may end, but pages contain them. */
const AFTER_EAST_ASIAN = /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}]$/u
const EAST_ASIAN = /^[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}]/u
const AFTER_EMOJI = /\p{ExtPict}[\ufe0f\p{EMod}]?$/u
const AFTER_PLAIN_EMOJI = /\p{ExtPict}$/u
const EMOJI = /^\p{ExtPict}/u
const AFTER_KEY = /[0-9#*]$/u
const AFTER_INVISIBLE = /(?![\ufe0e\ufe0f])\p{DI}$/u
const AFTER_MONGOLIAN = /(?=\p{L})\p{Script=Mong}$/u

const isBesideUnspaced = (before: string, after: string) =>
  AFTER_UNSPACED.test(before) ||
  UNSPACED_LETTER.test(after) ||
  AFTER_EAST_ASIAN.test(before) ||
  EAST_ASIAN.test(after) ||
  before.endsWith('\u200b')

const keptIf = (condition: boolean): Fate => (condition ? 'kept' : 'taken out')
const takenOut = (): Fate => 'taken out'
const never = (): Fate => 'refused'

/** The first rule that matches a character decides. */
const rules: readonly Rule[] = [
  { matches: /[\n-\r\u0085\u2028\u2029]/u, name: 'a line break', wayOut: 'write one line', fate: never },
  { matches: /\p{Cc}/u, name: 'a control character', fate: never },
  { matches: /[\u202a-\u202e\u2066-\u2069]/u, name: 'an override of the direction of writing', fate: never },
  { matches: /\p{Cs}/u, name: 'half of a character', fate: never },
  { matches: /\p{Co}/u, name: 'a private character', wayOut: 'other screens cannot show it', fate: never },
  { matches: /\p{Cn}/u, name: 'no character of Unicode', fate: never },
  {
    matches: /[\u200e\u200f\u061c]/u,
    name: 'a direction mark',
    fate: (before) => keptIf(!AFTER_INVISIBLE.test(before)),
  },
  {
    matches: /\u200d/u,
    name: 'a joiner',
    fate: (before, after) =>
      keptIf(AFTER_JOINING.test(before) || (AFTER_EMOJI.test(before) && EMOJI.test(after))),
  },
  {
    matches: /\u200c/u,
    name: 'a non-joiner',
    fate: (before, after) =>
      keptIf(AFTER_JOINING_MARK.test(before) || (AFTER_JOINING.test(before) && JOINING_LETTER.test(after))),
  },
  {
    matches: /[\ufe0e\ufe0f]/u,
    name: 'a variation selector',
    fate: (before, after) =>
      keptIf(AFTER_PLAIN_EMOJI.test(before) || (AFTER_KEY.test(before) && after.startsWith('⃣'))),
  },
  {
    matches: /[\u180b-\u180f]/u,
    name: 'a Mongolian selector',
    fate: (before) => keptIf(AFTER_MONGOLIAN.test(before)),
  },
  { matches: /\p{VS}/u, name: 'a variation selector', fate: takenOut },
  { matches: /\u00ad|\u034f/u, name: 'a soft hyphen or a grapheme joiner', fate: takenOut },
  {
    matches: /\u200b/u,
    name: 'a zero-width space',
    fate: (before, after) =>
      AFTER_UNSPACED.test(before) && UNSPACED_LETTER.test(after)
        ? 'kept'
        : isBesideUnspaced(before, after)
          ? 'taken out'
          : 'refused',
  },
  {
    matches: /[\u2060\ufeff]/u,
    name: 'a word joiner',
    fate: (before, after) => (isBesideUnspaced(before, after) ? 'taken out' : 'refused'),
  },
  { matches: /[\ufff9-\ufffb]/u, name: 'an annotation mark', fate: never },
  { matches: /\ufffc/u, name: 'the place of a picture', fate: never },
  {
    matches: /[\u{e0000}-\u{e007f}]/u,
    name: 'a tag character',
    wayOut: 'only the flags of England, Scotland and Wales have them',
    fate: never,
  },
  { matches: /[^]/u, name: 'an invisible character', fate: never },
]

/** `name`: what it is; `wayOut`: what an editor does with it. */
export function refusedCharacter(
  character: string,
  position: number,
  { name, wayOut = 'take it out' }: Pick<Rule, 'name' | 'wayOut'>,
): RefusedCharacter {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return { character: code, position, message: `${code} at position ${position} is ${name}: ${wayOut}` }
}

function flagAt(characters: readonly string[], position: number): string | undefined {
  const sequence = characters.slice(position, position + FLAG_LENGTH).join('')
  return sequence.replace(TAG_FLAGS, '') === '' ? sequence : undefined
}
