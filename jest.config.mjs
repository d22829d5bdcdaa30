/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, swcrc: false },
    ],
  },
  setupFilesAfterEnv: ['<rootDir>/test/support/contract/check-answers.ts'],
  testTimeout: 120_000,
  maxWorkers: 2,
  // Modules of earlier files stay in the memory of a worker, so it is replaced before its heap is full.
  workerIdleMemoryLimit: '1.5GB',
  reporters: ['default', '<rootDir>/scripts/support/jest-summary-reporter.mjs'],
}
