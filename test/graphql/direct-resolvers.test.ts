/** A resolver class with a guard that nothing would obey does not start. */
import 'reflect-metadata';
import { Authorized, buildSchemaSync, getMetadataStorage, Query, Resolver, UseMiddleware } from 'type-graphql';
import { beforeEach, expect, test } from 'vitest';
import { resolveDirectly } from '../../services/identity/api/direct-resolvers.js';

beforeEach(() => getMetadataStorage().clear());

const start = (resolver: NewableFunction) => () =>
  resolveDirectly(buildSchemaSync({ resolvers: [resolver], validate: false, authChecker: () => true }));

test('a method with no guard is called', async () => {
  @Resolver()
  class Open {
    @Query(() => String)
    hello(): string {
      return 'hello';
    }
  }
  expect(start(Open)).not.toThrow();
});

test('@Authorized is refused', () => {
  @Resolver()
  class Guarded {
    @Authorized()
    @Query(() => String)
    hello(): string {
      return 'hello';
    }
  }
  expect(start(Guarded)).toThrow('hello: @Authorized and @UseMiddleware have no effect here');
});

test('@UseMiddleware is refused', () => {
  @Resolver()
  class Wrapped {
    @UseMiddleware(async (_, next) => next())
    @Query(() => String)
    hello(): string {
      return 'hello';
    }
  }
  expect(start(Wrapped)).toThrow('hello: @Authorized and @UseMiddleware have no effect here');
});
