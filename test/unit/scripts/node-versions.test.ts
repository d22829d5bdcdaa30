import { expect, it } from '@jest/globals'
import { exactNode, newestNodes, requireNode } from '../../../scripts/support/node-versions.mjs'

it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.10', '100.0.0'])('Flashline runs on Node %s', (version) => {
  expect(() => requireNode(version)).not.toThrow()
})

it.each(['20.18.3', '20.9.0', '18.20.8', '9.99.99'])(
  'Flashline refuses Node %s, and says what it needs',
  (version) => {
    expect(() => requireNode(version)).toThrow(`Flashline needs Node 20.19.0 or newer; this is ${version}`)
  },
)

it('this Node is new enough for its own tests', () => {
  expect(requireNode).not.toThrow()
})

it('--node takes a major version for its newest release, and an exact version as it is', () => {
  expect(exactNode('24')).toBe(newestNodes[24])
  expect(exactNode('v22')).toBe(newestNodes[22])
  expect(exactNode('22.13.1')).toBe('22.13.1')
})

it.each(['', '21', '22.13', 'lts', '24.x', '24.1.0-nightly', '../24'])(
  '--node does not take "%s"',
  (wanted) => {
    expect(() => exactNode(wanted)).toThrow('--node takes 20, 22, 24, or an exact version such as 20.19.0')
  },
)

it('--node does not take a version that is too old', () => {
  expect(() => exactNode('20.18.0')).toThrow('Flashline needs Node 20.19.0 or newer, not 20.18.0')
})
