/** A person's rights in a feed, from least to most; each role includes the ones before. */
export const roles = ['reader', 'reporter', 'editor', 'chief', 'admin'] as const
export type Role = (typeof roles)[number]

export function atLeast(role: Role | undefined, wanted: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(wanted)
}
