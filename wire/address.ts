/** How an address of a client is written in logs and change records: IPv4 as such, where Node tells it in IPv6's form. */
export const plainAddress = (ip: string): string => ip.replace(/^::ffff:/, '');
