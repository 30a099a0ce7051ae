/**
 * How an address of a client is written in logs and change records, counted and compared with networks: IPv4 as such, where Node tells it
 * in IPv6's form; without the port that some proxies put behind it in X-Forwarded-For (Azure Application Gateway: `203.0.113.9:50112`,
 * `[2001:db8::9]:50112`).
 */
export function plainAddress(ip: string): string {
  const [, address] = /^([\d.]+):\d+$/.exec(ip) ?? /^\[([^\]]+)\](?::\d+)?$/.exec(ip) ?? [];
  return (address ?? ip).replace(/^::ffff:(?=[\d.]+$)/i, '');
}
