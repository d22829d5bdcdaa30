/**
 * `npm run release:image-check [-- <commit>]`: builds the Dockerfile's image from a commit (default HEAD) without Docker,
 * starts it and checks its health.
 */
import { checkImage } from './support/check-image.mjs'
import { build, installDependencies } from './support/set-up.mjs'

try {
  await installDependencies()
  await build()
  await checkImage(process.argv[2] ?? 'HEAD', (line) => console.log(line))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
