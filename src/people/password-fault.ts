/** Guesses of a program that knows common passwords, patterns and the person: 10^8 at least. */
const LEAST_SCORE = 3
/** The estimate of a longer text takes too long. */
const MAX_ESTIMATED = 64

type Estimator = (password: string, own: string[]) => { readonly score: number }
let estimator: Promise<Estimator> | undefined

/** The rule that a new password breaks, in words; undefined for a good one. `own`: the email and name of the person. */
export async function passwordFault(password: string, own: readonly string[]): Promise<string | undefined> {
  const folded = password.normalize('NFKC').trim().toLowerCase()
  if (/\p{Cc}/u.test(folded)) return 'has control characters'
  if (own.some((text) => text !== '' && folded === text.toLowerCase())) return 'is the own address or name'
  const estimate = await (estimator ??= loadEstimator())
  if (estimate(folded, [...own]).score >= LEAST_SCORE) return undefined
  return 'is easy to guess: a common password, a repetition, a row of keys, or the own address or name. Several unrelated words are better'
}

/** The lists of common passwords take some MB and 100 ms, which only a process that sets a password needs. */
async function loadEstimator(): Promise<Estimator> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const factory = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: MAX_ESTIMATED })
  return (password, own) => factory.check(password, own)
}
