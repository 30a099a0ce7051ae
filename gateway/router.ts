/**
 * Finds the route of a request. Case, doubled slashes and a slash at the end make no difference, because admins paste addresses; a
 * library's router knows no such addresses, and takes each apart by a pattern where one open segment is all there is.
 */
import { SCIM_BASE_PATH } from '../schema/resources.js';
import type { Method, Route } from './routes.js';

/** A route, or what is missing of one: the methods the address does take; none where it is no address at all. */
export interface Match {
  readonly route?: Route | undefined;
  readonly allowed: readonly string[];
  /** How the address is called in the log: never the client's own text. */
  readonly path: string;
  /** Whose door it is, with or without a route. */
  readonly door: Route['door'];
  /** The open segment, decoded; empty where it is no percent-encoded UTF-8. */
  readonly id: string;
}

export type Router = (method: string, path: string) => Match;

const OPEN = '{id}';
/** What ids look like, and no address of a fixed name beside them. */
const ID = /^[\w-]+$/;

export function createRouter(routes: readonly Route[]): Router {
  const byPath = new Map([...Map.groupBy(routes, ({ path }) => keyOf(segmentsOf(path)))].map(([key, found]) => [key, toPlace(found)]));
  const asDeclared = new Map([...byPath.values()].map((place) => [place.path, place]));

  /** As nearly everybody writes it, an address is found without being taken to pieces. */
  function findAsDeclared(method: string, path: string): Match | undefined {
    const exact = asDeclared.get(path);
    if (exact) return matchMethod(exact, method, '');
    const end = path.lastIndexOf('/') + 1;
    const open = ID.test(path.slice(end)) ? asDeclared.get(path.slice(0, end) + OPEN) : undefined;
    return open && matchMethod(open, method, path.slice(end));
  }

  return (method, path) => findAsDeclared(method, path) ?? findInPieces(method, path);

  function findInPieces(method: string, path: string): Match {
    const segments = segmentsOf(path);
    const exact = byPath.get(keyOf(segments.map(decode)));
    const found = exact ?? byPath.get(keyOf([...segments.slice(0, -1).map(decode), OPEN]));
    const id = exact ? '' : decode(segments.at(-1) ?? '');
    return found ? matchMethod(found, method, id) : { allowed: [], path: 'unknown', door: doorOf(segments), id };
  }
}

const baseLength = segmentsOf(SCIM_BASE_PATH).length;

/** What is not below the SCIM base is nobody's secret. */
const doorOf = (segments: readonly string[]): Route['door'] =>
  keyOf(segments.slice(0, baseLength).map(decode)) === keyOf(segmentsOf(SCIM_BASE_PATH)) ? 'scim' : 'open';

/** The routes of an address. */
interface Place extends Pick<Match, 'allowed' | 'path' | 'door'> {
  readonly byMethod: ReadonlyMap<string, Route>;
}

function toPlace(found: readonly Route[]): Place {
  const [{ path, door }] = found as readonly [Route, ...Route[]];
  return { path, door, allowed: allowedOf(found), byMethod: new Map(found.map((route) => [route.method, route])) };
}

function matchMethod({ path, door, allowed, byMethod }: Place, method: string, id: string): Match {
  return { route: byMethod.get(method === 'HEAD' ? 'GET' : method), allowed, path, door, id };
}

/** HEAD is answered wherever GET is, and OPTIONS everywhere. */
const allowedOf = (found: readonly Route[]): string[] => [
  ...new Set([...found.flatMap(({ method }): (Method | 'HEAD')[] => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS']),
];

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

const keyOf = (segments: readonly string[]): string => segments.join('/').toLowerCase();

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
