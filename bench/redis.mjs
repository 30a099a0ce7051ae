/** What the server of the cache says of itself. */
import { Redis } from 'ioredis';

/** Its version, and its process id where it runs on this machine. */
export async function describeRedis(url) {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  client.on('error', () => undefined);
  await client.connect();
  const text = await client.info('server');
  client.disconnect();
  const value = (name) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(text)?.[1];
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  return { version: value('redis_version'), pid: isLocal ? Number(value('process_id')) : undefined };
}
