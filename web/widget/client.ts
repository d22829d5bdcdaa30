// A bundle of its own, in which the build shortens more names: the client, whose cache comes later.

export { connect } from '../sdk/index.ts'
export { late } from './late-cache.ts'
