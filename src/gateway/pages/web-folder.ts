import { fileURLToPath } from 'node:url'

/** What the build has made of `web`: beside the compiled service, or in `dist` where its sources run (in tests). */
const built = import.meta.url.endsWith('.ts') ? '../../../dist/web/' : '../../../web/'

export function webFolder(name: string): string {
  return fileURLToPath(new URL(`${built}${name}/`, import.meta.url))
}
