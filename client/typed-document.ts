/** A GraphQL operation with the types of what it takes and answers, and the id that stands for its text. */
export interface TypedDocument<Data, Variables> {
  /** The SHA-256 of the body, in hexadecimal: what a trusted document is called by. */
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation';
  readonly body: string;
  /** Never there: it carries the types only. */
  readonly types?: (variables: Variables) => Data;
}

export type DataOf<Document> = Document extends TypedDocument<infer Data, never> ? Data : never;
export type VariablesOf<Document> = Document extends TypedDocument<unknown, infer Variables> ? Variables : never;
