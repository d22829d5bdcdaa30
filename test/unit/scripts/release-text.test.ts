import { describe, expect, it } from '@jest/globals'
import { checkVersion, releasedChangelog, withVersion } from '../../../scripts/support/release-text.mjs'

describe('the version', () => {
  it.each(['0.1.1', '0.2.0', '1.0.0'])('after 0.1.0 may be %s', (next) => {
    expect(() => checkVersion('0.1.0', next)).not.toThrow()
  })

  it.each([
    ['0.1.0', 'does not come after it'],
    ['0.0.9', 'does not come after it'],
    ['0.3.0', 'After 0.1.0 comes 0.2.0, not 0.3.0'],
    ['0.2.1', 'After 0.1.0 comes 0.2.0, not 0.2.1'],
    ['v0.2.0', 'three numbers'],
    ['0.2', 'three numbers'],
    ['0.02.0', 'three numbers'],
    ['', 'three numbers'],
  ])('after 0.1.0 is not "%s"', (next, reason) => {
    expect(() => checkVersion('0.1.0', next)).toThrow(reason)
  })

  it('is compared as numbers', () => {
    expect(() => checkVersion('0.9.0', '0.10.0')).not.toThrow()
  })

  it('changes in a package.json, and nothing else', () => {
    const before = '{\n  "name": "a",\n  "version": "0.1.0",\n  "engines": {\n    "node": ">=20.19"\n  }\n}\n'
    expect(withVersion(before, '0.2.0')).toBe(before.replace('0.1.0', '0.2.0'))
  })

  it('changes in both places of a package-lock.json, and not in those of other packages', () => {
    const packages = { '': { version: '0.1.0' }, 'node_modules/a': { version: '0.1.0' } }
    const text = withVersion(JSON.stringify({ version: '0.1.0', packages }), '0.2.0')
    expect(JSON.parse(text)).toEqual({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' }, 'node_modules/a': { version: '0.1.0' } },
    })
  })
})

describe('the changelog', () => {
  const head = '# Changelog\n\nWhat operators notice.\n\n'
  const changes = '\n### Added\n\n- Receipts.\n\n### Fixed\n\n- A slow reader.\n\n'
  const older = '## [0.1.0]\n\n### Added\n\n- Feeds.\n'

  it('gets a section for the version, and an empty one for what comes', () => {
    expect(releasedChangelog(`${head}## [Unreleased]\n${changes}${older}`, '0.2.0', '2026-11-29')).toBe(
      `${head}## [Unreleased]\n\n## [0.2.0] - 2026-11-29\n${changes}${older}`,
    )
  })

  it('may have no older version', () => {
    expect(releasedChangelog(`${head}## [Unreleased]\n${changes}`, '0.1.0', '2026-11-29')).toContain(
      '## [0.1.0] - 2026-11-29\n\n### Added\n\n- Receipts.',
    )
  })

  it.each([
    ['nothing is unreleased', `${head}## [Unreleased]\n\n${older}`, '0.2.0', 'nothing under "Unreleased"'],
    ['there is no such section', `${head}${older}`, '0.2.0', 'no section "## [Unreleased]"'],
    [
      'the version is there',
      `${head}## [Unreleased]\n${changes}${older}`,
      '0.1.0',
      'a section for 0.1.0 already',
    ],
  ])('is refused where %s', (_where, text, version, reason) => {
    expect(() => releasedChangelog(text, version, '2026-11-29')).toThrow(reason)
  })

  it.each(['29.11.2026', '2026-11-31', '2026-13-01', 'today'])('takes no date like %s', (date) => {
    expect(() => releasedChangelog(`${head}## [Unreleased]\n${changes}`, '0.2.0', date)).toThrow(
      'A date is written',
    )
  })
})
