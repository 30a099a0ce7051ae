/** The only file that knows ioredis. Redis is a cache here: with it gone everything still works, only slower. */
import { Redis } from 'ioredis';
import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';

export interface RedisDoor {
  /** For libraries that take an ioredis client. */
  readonly client: Redis;
  /** Runs a command unless Redis has just failed: then callers are spared the wait, and once in a second one tries. */
  attempt<Result>(command: (client: Redis) => Promise<Result>): Promise<Result>;
  /** Which run of which Redis the present connection leads to: a Redis that starts again has another. Undefined while it is not known. */
  run(): string | undefined;
  /** Whether it answers now. Never rejects. */
  isReachable(): Promise<boolean>;
  close(): void;
}

/** The run of the server at the other end; asked anew for each connection, and again where it did not answer. */
function runOf(client: Redis): () => string | undefined {
  let connection = 0;
  let run: string | undefined;
  let isAsking = false;
  const ask = async () => {
    const asked = connection;
    isAsking = true;
    const found = await client.info('server').then(
      (text) => /^run_id:(\w+)/m.exec(text)?.[1],
      () => undefined,
    );
    if (asked === connection) [run, isAsking] = [found, false];
  };
  client.on('close', () => {
    connection += 1;
    [run, isAsking] = [undefined, false];
  });
  client.on('ready', () => void ask());
  return () => {
    if (client.status !== 'ready') return undefined;
    if (run === undefined && !isAsking) void ask();
    return run;
  };
}

/** Hears that Redis is away, and that it is back: once each time, and not with every attempt. */
export interface RedisListener {
  readonly away: (error: Error | undefined) => void;
  readonly back: () => void;
}

/** Answers what is called when nobody is to hear of it any more. */
function tellChanges(client: Redis, { away, back }: RedisListener): () => void {
  let isAway = false;
  const leave = (error?: Error) => {
    if (!isAway) away(error);
    isAway = true;
  };
  client
    .on('error', leave)
    .on('close', () => leave())
    .on('ready', () => {
      if (isAway) back();
      isAway = false;
    });
  return () => {
    isAway = true;
  };
}

/** Connects in the background; commands fail at once while there is no connection, and after 50 ms without an answer. */
export function openRedis(url: string, listener: RedisListener): RedisDoor {
  const client = new Redis(url, {
    commandTimeout: 50,
    connectTimeout: 1000,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false, // a command is for the Redis it was sent to, not for the one that comes after it
    retryStrategy: (times) => Math.min(times * 100, 1000),
  });
  const tellNothing = tellChanges(client, listener);
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 1000, breaker: new ConsecutiveBreaker(1) });
  const answers = () =>
    client.ping().then(
      () => true,
      () => false,
    );
  return {
    client,
    attempt: (command) => breaker.execute(() => command(client)),
    run: runOf(client),
    isReachable: async () => (await answers()) || answers(), // once more: a busy process may miss an answer that has come
    close: () => {
      tellNothing();
      client.disconnect();
    },
  };
}
