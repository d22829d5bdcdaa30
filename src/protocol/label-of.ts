/** A feed's names of sections and regions, by slug. */
export type Labels = Readonly<Record<string, string>>

/** The feed's name of a section or region, or else its slug in words. */
export function labelOf(slug: string, labels: Labels): string {
  const own = Object.hasOwn(labels, slug) ? labels[slug] : undefined
  return own ?? slug.replaceAll('-', ' ')
}
