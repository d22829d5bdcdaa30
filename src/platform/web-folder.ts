import { fileURLToPath } from 'node:url'

/** The built files of `web`: beside the compiled service, or in `dist` if the sources run (in tests). */
const built = import.meta.url.endsWith('.ts') ? '../../dist/web/' : '../../web/'

export function webFolder(name: string): string {
  return fileURLToPath(new URL(`${built}${name}/`, import.meta.url))
}
