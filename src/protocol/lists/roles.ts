/** Roles in a feed, from the least to the greatest; each includes the ones before it. */
export const roles = ['reader', 'reporter', 'editor', 'chief', 'admin'] as const
export type Role = (typeof roles)[number]

export function atLeast(role: Role | undefined, wanted: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(wanted)
}
