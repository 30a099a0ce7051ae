/** The GraphQL classes of Relay's connections, made from the class of their nodes. */
import { type ClassType, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { ConnectionSource } from './connection-source.js';
import { PageInfo } from './page-info.js';

interface ConnectionTypes {
  readonly Connection: ClassType;
  readonly Edge: ClassType;
}

/** A connection: edges, nodes and page info. */
export function connectionOf(nodeName: string, node: () => ClassType, what: string): ConnectionTypes {
  @ObjectType(`${nodeName}Edge`, { description: `A place in a list of ${what}.`, simpleResolvers: true })
  class Edge {
    @Field(() => String, { description: 'The cursor of this place.' })
    cursor!: string;

    @Field(() => node(), { description: 'The resource at this place of the list.' })
    node!: object;
  }

  @ObjectType(`${nodeName}Connection`, { description: `A page of a list of ${what}, as Relay has it.` })
  class Connection {
    @Field(() => [Edge], { description: 'The nodes of the page with their cursors.', simple: true })
    edges!: Edge[];

    @Field(() => [node()], { description: 'The nodes of the page.', simple: true })
    nodes!: object[];

    @Field(() => PageInfo, { description: 'Where the page stands in the list.', simple: true })
    pageInfo!: PageInfo;
  }
  return { Connection, Edge };
}

/** A connection with `totalCount`, which is counted when it is asked for; `total` says of what. The resolver belongs into the schema. */
export function countedConnectionOf(
  nodeName: string,
  node: () => ClassType,
  what: string,
  total: string,
): ConnectionTypes & { readonly TotalResolver: ClassType } {
  const { Connection, Edge } = connectionOf(nodeName, node, what);

  @Resolver(() => Connection)
  class TotalResolver {
    @FieldResolver(() => Int, { description: total })
    totalCount(@Root() page: ConnectionSource): number | Promise<number> {
      return page.total();
    }
  }
  return { Connection, Edge, TotalResolver };
}
