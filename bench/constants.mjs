/** What all measurements share, whatever their command line says. */

/** Requests under way at the same time. */
export const CONNECTIONS = 16;
/** The most that are ever under way. */
export const MOST_AT_ONCE = 64;
/** Members of the small group, and users beside the members who join and leave. */
export const FEW_MEMBERS = 10;
export const JOINERS = CONNECTIONS * 100;
/** Tenants that share the mixed load. */
export const MIXED_TENANTS = 10;
/** Seconds before each round that are not counted: pools connect, caches fill, the other servers come to rest. */
export const LEAD_IN = 0.3;
/** The share of the machine that others may use during a round before it counts as disturbed and is repeated. */
export const DISTURBED = 0.1;

export const databaseUrl = process.env.DATABASE_URL || 'postgres://root@127.0.0.1:5432/root';
export const redisUrl = process.env.REDIS_URL || 'redis://127.0.0.1:6379/9';
