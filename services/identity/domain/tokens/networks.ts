/** Networks that tokens may be used from: CIDR of IPv4 and IPv6, read by ipaddr.js. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Failure } from '../../../../schema/failure.js';
import type { Verdict } from '../../store/redis/token-cache.js';

type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number];

const MOST_NETWORKS = 100;

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. Undefined where it is none of these. */
function parse(text: string): Cidr | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const width = { 4: 32, 6: 128 }[isIP(address)]; // stricter than ipaddr.js, which reads 10.1 and 0x0a, too
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  if (width === undefined || length === undefined || !(length <= width) || more.length > 0 || address.includes('%')) return undefined;
  const parsed = ipaddr.parse(address);
  // ::ffff:192.0.2.0/120 is 192.0.2.0/24, and callers are compared as what they are.
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && length >= 96) return [parsed.toIPv4Address(), length - 96];
  return [parsed, length];
}

/** The first address of the network, so that every network has one form. */
const format = ([address, length]: Cidr): string => {
  const cidr = `${address.toString()}/${length}`;
  const first = address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${first.toString()}/${length}`;
};

/** What callers name them in. */
const field = 'allowedNetworks';

/** Networks as they are stored. Fails with INVALID_VALUE where one cannot be read. */
export function checkedNetworks(networks: readonly string[]): string[] {
  if (networks.length > MOST_NETWORKS) {
    throw new Failure('INVALID_VALUE', { field, detail: `Up to ${MOST_NETWORKS} networks can be named.` });
  }
  return [
    ...new Set(
      networks.map((text) => {
        const cidr = parse(text.trim());
        if (!cidr) {
          throw new Failure('INVALID_VALUE', {
            field,
            detail: `${JSON.stringify(text)} is no network: write CIDR, as in "203.0.113.0/24" or "2001:db8::/32", or one address.`,
          });
        }
        return format(cidr);
      }),
    ),
  ];
}

const contains = ([network, length]: Cidr, address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  network.kind() === address.kind() && address.match(network, length);

/** Whether the address is in one of the networks; an address that cannot be read is in none. */
export function isInside(address: string, networks: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const found = ipaddr.process(address); // ::ffff:192.0.2.1 is 192.0.2.1
  return networks.some((text) => contains(parse(text)!, found));
}

/** Whether all of each network lies in one of the others. */
export const areWithin = (inner: readonly string[], outer: readonly string[]): boolean =>
  inner.every((text) => {
    const [address, length] = parse(text)!;
    return outer.some((other) => parse(other)![1] <= length && contains(parse(other)!, address));
  });

/** Refuses a caller whose address the token or its tenant does not allow. Fails with FORBIDDEN. */
export function requireAllowedAddress({ networks, tenantNetworks }: Pick<Verdict, 'networks' | 'tenantNetworks'>, address: string): void {
  if ([networks, tenantNetworks].every((list) => list.length === 0 || isInside(address, list))) return;
  throw new Failure('FORBIDDEN', {
    detail: `This token may not be used from the address ${isIP(address) ? address : 'that this request came from'}.`,
  });
}
