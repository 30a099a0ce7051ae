import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/change.js';
import { matchesElement } from '../../schema/match.js';
import { parsePath } from '../../schema/path.js';
import { groupResource, type ResourceType, userResource } from '../../schema/resources.js';
import { kinds } from './kinds.js';

function matches(path: string, element: JsonObject, type: ResourceType = userResource): boolean {
  const parsed = parsePath(type, path);
  if (parsed.kind !== 'attribute' || !parsed.filter) throw new Error(`${path} has no filter`);
  return matchesElement(parsed.filter, element);
}

const work = { value: 'Ann@X.com', type: 'Work', primary: true };

describe('elements', () => {
  it.each<[string, boolean]>([
    ['emails[type eq "work"]', true],
    ['emails[type eq "home"]', false],
    ['emails[type ne "home"]', true],
    ['emails[value eq "ANN@x.COM"]', true],
    ['emails[value co "@x."]', true],
    ['emails[value sw "ANN@"]', true],
    ['emails[value ew "x.com"]', true],
    ['emails[value sw "x.com"]', false],
    ['emails[value ew "ann"]', false],
    ['emails[primary eq "True"]', true],
    ['emails[primary ne true]', false],
    ['emails[primary pr]', true],
    ['emails[display pr]', false],
    ['emails[type eq "work" and primary eq true]', true],
    ['emails[type eq "work" and primary eq false]', false],
    ['emails[type eq "home" or primary eq true]', true],
    ['emails[type eq "home" or type eq "other"]', false],
    ['emails[not (type eq "work")]', false],
    ['emails[not (display pr) and not (type eq "home")]', true],
  ])('%s: %s', (path, expected) => expect(matches(path, work)).toBe(expected));

  it('compares with case where the declaration says so, and ids of members without', () => {
    expect(matches('photos[value eq "Ab"]', { value: 'Ab' })).toBe(true);
    expect(matches('photos[value eq "ab"]', { value: 'Ab' })).toBe(false);
    expect(matches('members[value eq "ab"]', { value: 'Ab' }, groupResource)).toBe(true);
  });

  it('compares text composed and decomposed', () => {
    expect(matches('emails[display eq "ZOË"]', { display: 'Zoe\u0308' })).toBe(true);
  });
});

describe('an attribute without a value', () => {
  const absent: [string, boolean][] = [
    ['emails[type eq "work"]', false],
    ['emails[type ne "work"]', true],
    ['emails[type co "w"]', false],
    ['emails[type gt "a"]', false],
    ['emails[type le "z"]', false],
    ['emails[type pr]', false],
    ['emails[type eq null]', true],
    ['emails[type ne null]', false],
    ['emails[not (type eq "work")]', true],
    ['emails[not (type ne "work")]', false],
  ];
  it.each(absent)('%s: %s', (path, expected) => {
    expect(matches(path, { value: 'x' })).toBe(expected);
    expect(matches(path, { value: 'x', type: null })).toBe(expected);
  });

  it('is not found in the prototype', () => {
    expect(matches('emails[type pr]', Object.create({ type: 'work' }) as JsonObject)).toBe(false);
  });
});

const element = { text: 'Ab', exact: 'Ab', flag: false, count: 10, ratio: 0.5, when: '2026-01-31T09:30:00.000Z' };

describe('order and kinds', () => {
  it.each<[string, boolean]>([
    ['count gt 9', true],
    ['count gt 10', false],
    ['count ge 10', true],
    ['count lt 11', true],
    ['count lt 10', false],
    ['count le 10', true],
    ['ratio eq "0.5"', true],
    ['when gt "2026-01-31T10:29:59+01:00"', true],
    ['when lt "2026-01-31T10:30:00+01:00"', false],
    ['when eq 2026-01-31T09:30:00Z', true],
    ['text gt "AA"', true],
    ['text lt "aa"', false],
    ['exact lt "aa"', true],
    ['exact eq "ab"', false],
    ['text eq "aB"', true],
    ['flag eq false', true],
    ['flag ne false', false],
    ['flag pr', true],
  ])('%s: %s', (filter, expected) => {
    expect(matches(`parts[${filter}]`, element, kinds)).toBe(expected);
  });
});
