/**
 * Where an accepted act stands when it is answered. `none`: on one server, which has no replica. `asynchronous`: on its
 * way to a replica, so a failover can lose it. `confirmed`: a replica has it; no version of the service answers this yet.
 */
export const replications = ['none', 'asynchronous', 'confirmed'] as const
export type Replication = (typeof replications)[number]
