/** Which attributes an answer shows: `attributes`, `excludedAttributes` and "returned" (RFC 7644, 3.9; RFC 7643, 7). */
import type { Attribute, Schema } from '../../schema/attribute.js';
import {
  commonAttributes,
  coreAttributes,
  findSchema,
  limits,
  relationOf,
  type ResourceType,
  resourceTypes,
} from '../../schema/resources.js';
import { oncePer } from '../../schema/once-per.js';
import type { Path } from '../../schema/tree.js';
import { resolveKey } from './keys.js';
import { type ParameterName, refused } from './parameters.js';

/** An attribute to show, and which of its sub-attributes. */
export interface Shown {
  readonly attribute: Attribute;
  readonly subs: readonly ShownSub[];
}

export interface ShownSub {
  readonly name: string;
  /** What it refers to, where it refers to resources: it is derived from the value beside it, and from the type where there are several. */
  readonly targets: readonly ResourceType[];
}

export interface Projection {
  readonly core: readonly Shown[];
  readonly extensions: readonly { readonly schema: Schema; readonly attributes: readonly Shown[] }[];
  /** Absent when it is not shown: then the core is not asked for it. */
  readonly relation?: Shown | undefined;
}

/** How the resources of a type are shown. */
export interface View {
  readonly type: ResourceType;
  readonly projection: Projection;
}

/** What a client named; undefined where it named nothing. Names of nothing are left out, not refused. */
interface Asked {
  readonly wanted: readonly Path[] | undefined;
  readonly excluded: readonly Path[];
}

/** Reads the two parameters. Where both come, the second takes from what the first names. */
export function readProjection(type: ResourceType, attributes = '', excludedAttributes = ''): Projection {
  const wanted = attributes.trim() === '' ? undefined : pathsOf(type, 'attributes', attributes);
  const excluded = excludedAttributes === '' ? [] : pathsOf(type, 'excludedAttributes', excludedAttributes);
  return wanted || excluded.length > 0 ? project(type, { wanted, excluded }) : defaultProjection(type);
}

/** What is shown of a type, which may be a tenant's own form of it, where nothing is asked for. */
export const defaultProjection = oncePer((type: ResourceType): Projection => project(type, { wanted: undefined, excluded: [] }));

/** What of a resource the operations in `schema/operations` are to select. */
export interface Selection {
  /** The attributes and extensions of its document; undefined for all. */
  readonly only: readonly string[] | undefined;
  readonly relation: boolean;
}

/** The core need not read what is not shown. */
export const selectedBy = (view: View): Selection => ({ only: namesToRead(view), relation: view.projection.relation !== undefined });

function namesToRead({ type, projection }: View): readonly string[] | undefined {
  if (projection === defaultProjection(type)) return undefined;
  const names = documentNames(projection);
  return documentNames(defaultProjection(type)).every((name) => names.includes(name)) ? undefined : names;
}

const documentNames = ({ core, extensions }: Projection): string[] => [
  ...core
    .map(({ attribute }) => attribute)
    .filter(isInDocument)
    .map(({ name }) => name),
  ...extensions.filter(({ attributes }) => attributes.length > 0).map(({ schema }) => schema.id),
];

/** What every resource has and nobody writes comes beside the document. */
const isInDocument = (attribute: Attribute): boolean => attribute.mutability !== 'readOnly' || !commonAttributes.includes(attribute);

function project(type: ResourceType, asked: Asked): Projection {
  const relation = relationOf(type);
  const showAll = (attributes: readonly Attribute[], extension?: Schema) =>
    attributes.flatMap((attribute) => show(attribute, asked, extension));
  return {
    core: showAll(coreAttributes(type).filter((attribute) => attribute !== relation)),
    extensions: type.extensions.map((schema) => ({ schema, attributes: showAll(schema.attributes, schema) })),
    relation: show(relation, asked)[0],
  };
}

function pathsOf(type: ResourceType, parameter: ParameterName, text: string): Path[] {
  const names = [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ];
  if (names.length > limits.names) throw refused('TOO_MANY', parameter, `takes at most ${limits.names} names; ${names.length} were sent`);
  return names.flatMap((name) => pathsTo(type, name));
}

function pathsTo(type: ResourceType, name: string): readonly Path[] {
  const { schema } = type;
  if (findSchema(type, name) === schema) return schema.attributes.map((attribute) => ({ kind: 'attribute', attribute }));
  const path = resolveKey(type, name);
  return path ? [path] : [];
}

function show(attribute: Attribute, { wanted, excluded }: Asked, extension?: Schema): Shown[] {
  const { returned } = attribute;
  if (returned === 'never') return [];
  const isAlways = returned === 'always';
  const want = wanted?.filter((path) => isAbout(path, attribute, extension));
  if (!isAlways && (want ? want.length === 0 : returned === 'request')) return [];
  const not = isAlways ? [] : excluded.filter((path) => isAbout(path, attribute, extension));
  if (not.some(isWhole)) return [];
  const isWanted = (sub: Attribute): boolean => want?.some((path) => isWhole(path) || isSub(path, sub)) ?? false;
  const isExcluded = (sub: Attribute): boolean => not.some((path) => isSub(path, sub));
  const subs = subsOf(attribute, (sub) => {
    if (sub.returned === 'always') return true;
    const isUsual = sub.returned === 'default' && (isAlways || !want);
    return (isUsual || isWanted(sub)) && !isExcluded(sub);
  });
  return [{ attribute, subs }];
}

const isAbout = (path: Path, attribute: Attribute, extension: Schema | undefined): boolean =>
  path.kind === 'extension' ? path.extension === extension : path.attribute === attribute;

const isWhole = (path: Path): boolean => path.kind === 'extension' || !path.sub;

const isSub = (path: Path, sub: Attribute): boolean => path.kind === 'attribute' && path.sub === sub;

/** An address that the service makes. A reference that clients write, as a tenant may declare one, is shown as it was written. */
const isAddress = ({ mutability }: Attribute): boolean => mutability === 'readOnly';

const subsOf = (attribute: Attribute, isShown: (sub: Attribute) => boolean): ShownSub[] =>
  (attribute.subAttributes ?? [])
    .filter((sub) => sub.returned !== 'never' && isShown(sub))
    .map((sub) => ({
      name: sub.name,
      targets: isAddress(sub) ? resourceTypes.filter(({ name }) => sub.referenceTypes?.includes(name)) : [],
    }));
