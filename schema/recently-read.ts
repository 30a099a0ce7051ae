/**
 * Texts that were read a moment ago are not read again: the facade and the core read the same ones, and clients send few paths again and
 * again.
 */
import { oncePer } from './once-per.js';
import type { ResourceType } from './resources.js';

/** For each type, of which a tenant may have its own. */
const MOST = 30;
/** Characters: long texts would fill the memory. */
const LONGEST = 128;

/** The function, with what it made last for each type kept in mind. What it throws is not. */
export function recentlyRead<Read extends object>(
  read: (type: ResourceType, text: string) => Read,
): (type: ResourceType, text: string) => Read {
  const recentOf = oncePer((_type: ResourceType) => new Map<string, Read>());
  return (type, text) => {
    if (text.length > LONGEST) return read(type, text);
    const known = recentOf(type);
    const found = known.get(text);
    if (found) return found;
    const made = read(type, text);
    if (known.size >= MOST) known.delete(known.keys().next().value!); // a Map is in the order of insertion
    known.set(text, made);
    return made;
  };
}
