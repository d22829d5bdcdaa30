/**
 * Reads which files .dockerignore excludes from a build.
 *
 * @param {string} text of .dockerignore
 * @returns {(path: string) => boolean} whether a file is excluded; paths as "src/main.ts"
 */
export function dockerIgnore(text) {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }))
  // The last matching rule decides. A rule that matches a folder matches all files in it.
  return (path) => {
    const folders = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
    const rule = rules.findLast(({ pattern }) => folders.some((folder) => pattern.test(folder)))
    return rule !== undefined && !rule.keeps
  }
}

/** @param {string} glob */
function patternOf(glob) {
  const source = glob
    .replace(/^\/|\/$/g, '')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (sign) => (sign === '?' ? '[^/]' : sign === '*' ? '[^/]*' : '.*'))
  return new RegExp(`^${source}$`)
}
