/**
 * Properties try the same inputs in every run, for 4 s at most, and stop at the first that fails: nobody reads the
 * smallest one.
 */
import fc from 'fast-check'

fc.configureGlobal({
  seed: Number(process.env['MUTATION_SEED'] ?? 1),
  endOnFailure: true,
  interruptAfterTimeLimit: 4_000,
})
