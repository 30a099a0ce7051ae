/** The core behind a URL: operations in conversations that are kept (wire/conversation.ts). */
import { Failure } from '../schema/failure.js';
import type { Core } from './core.js';
import { type Conversation, NotBegun, NotLetIn, openConversation } from './core-conversation.js';

/** A core over the network; `close` when no request is under way. */
export interface CoreClient extends Core {
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** Conversations are spread over the cores behind an address that several share. */
const CONVERSATIONS = 2;
/** With so many operations under way the next conversation is used, too. Sooner would cost: what shares a message costs less. */
const BUSY = 64;
/** Milliseconds that a conversation goes on, and up to as many more: a core that has come since gets its part of the work. */
const RENEWED_AFTER = 60_000;
const READY_MILLISECONDS = 2000;
/** Milliseconds: what is refused so soon is worth asking for again while somebody waits. */
const SOON = 300;

/** Connects to the core at this URL, when first asked. A core that cannot be reached, is late or makes no sense is UNAVAILABLE. */
export function connectCore(identityUrl: string, secret?: string, renewedAfter = RENEWED_AFTER): CoreClient {
  const url = identityUrl.replace(/\/+$/, '');
  const places = Array.from({ length: CONVERSATIONS }, () => makePlace(url, secret, renewedAfter));
  const placeForNext = () =>
    places.find((place) => place.underWay() < BUSY) ?? places.toSorted((one, other) => one.underWay() - other.underWay())[0]!;
  const ask: Conversation['ask'] = (operation, variables, origin) => placeForNext().ask(operation, variables, origin);

  /** What was not begun is asked once more: a core that ends says so, and behind the same address there may be another. */
  async function askAgainWhereNotBegun(...given: Parameters<Conversation['ask']>): ReturnType<Conversation['ask']> {
    try {
      return await ask(...given);
    } catch (error) {
      if (!(error instanceof NotBegun)) throw error;
      return ask(...given);
    }
  }

  return {
    execute: async (operation, variables, origin) => {
      try {
        return await askAgainWhereNotBegun(operation, variables, origin);
      } catch (cause) {
        throw cause instanceof Failure ? cause : new Failure('UNAVAILABLE', { cause });
      }
    },
    ready: async () => (await isReady(`${url}/readyz`)) && places[0]!.isTakenUp(),
    close: async () => void (await Promise.all(places.map((place) => place.close()))),
  };
}

interface Place {
  ask: Conversation['ask'];
  /** Operations that were asked here and have no answer yet. */
  underWay(): number;
  /** Whether the core talks with us; rejects with UNAVAILABLE where it does with others only. */
  isTakenUp(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a conversation where there is none that goes on: whoever asks next tries again, so that a core that is back is used at once. */
function makePlace(url: string, secret: string | undefined, renewedAfter: number): Place {
  let current: Promise<Conversation> | undefined;
  let renewAt = 0;
  const open = (): Promise<Conversation> => {
    const leave = () => {
      if (current === opening) current = undefined;
    };
    const began = performance.now();
    const opening = openConversation(url, leave, secret).catch((error: unknown) => {
      leave();
      throw !(error instanceof NotLetIn) && performance.now() - began < SOON
        ? new NotBegun('no conversation was taken up', { cause: error })
        : error;
    });
    renewAt = performance.now() + renewedAfter * (1 + Math.random()); // not all facades at once
    opening.catch(() => undefined); // told to whoever waits for it
    return opening;
  };
  /** Behind the address there may be other cores than when it was opened. It goes on until the next one is there. */
  const renew = (old: Conversation) => {
    const next = open();
    const follow = () => {
      current = next;
      old.retire();
    };
    next.then(follow, () => undefined);
  };
  const conversation = async (): Promise<Conversation> => {
    const asked = (current ??= open());
    const found = await asked;
    if (found.isOpen()) {
      if (performance.now() > renewAt) renew(found);
      return found;
    }
    if (current === asked) current = undefined;
    return (current ??= open());
  };
  let underWay = 0;
  return {
    ask: async (operation, variables, origin) => {
      underWay += 1;
      try {
        return await (await conversation()).ask(operation, variables, origin);
      } finally {
        underWay -= 1;
      }
    },
    underWay: () => underWay,
    isTakenUp: async () => {
      try {
        return (await conversation()).isOpen();
      } catch (cause) {
        if (!(cause instanceof NotLetIn)) return false;
        throw new Failure('UNAVAILABLE', { detail: 'The identity core does not let this facade in; the log says why.', cause });
      }
    },
    close: async () => (await current?.catch(() => undefined))?.close(),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(READY_MILLISECONDS) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
