/** Storage of the host, kept between two starts. A host without storage loses it with the page: nothing else changes. */
const memory = new Map<string, string>()

export const hostStorage = {
  getItem(name: string): string | null {
    try {
      return localStorage.getItem(name) ?? memory.get(name) ?? null
    } catch {
      return memory.get(name) ?? null
    }
  },
  setItem(name: string, value: string): void {
    memory.set(name, value)
    try {
      localStorage.setItem(name, value)
    } catch {
      // The copy in memory is there until the page ends.
    }
  },
}
