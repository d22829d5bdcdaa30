/** The texts and choices that the desk keeps in this browser. A browser that refuses to store is no reason not to work. */
export const kept = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`flashline-desk:${name}`)
    } catch {
      return null
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`flashline-desk:${name}`, value)
    } catch {
      // Full or forbidden: the page goes on without it.
    }
  },
  remove(name: string): void {
    try {
      localStorage.removeItem(`flashline-desk:${name}`)
    } catch {
      // As above.
    }
  },
}
