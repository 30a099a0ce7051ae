/** The core behind a URL: operations in conversations that are kept (wire/conversation.ts). */
import { Failure } from '../schema/failure.js';
import type { Core } from './core.js';
import { type Conversation, openConversation } from './core-conversation.js';

/** A core over the network; `close` when no request is under way. */
export interface CoreClient extends Core {
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** Connections are spread over the cores behind an address that several share; each turn of the event loop uses one. */
const CONVERSATIONS = 2;
const READY_MILLISECONDS = 2000;

/** Connects to the core at this URL, when first asked. A core that cannot be reached, is late or makes no sense is UNAVAILABLE. */
export function connectCore(identityUrl: string, secret?: string): CoreClient {
  const url = identityUrl.replace(/\/+$/, '');
  const places = Array.from({ length: CONVERSATIONS }, () => makePlace(url, secret));
  let turn = 0;
  let isTurnUnderWay = false;
  const placeOfTurn = () => {
    if (!isTurnUnderWay) {
      isTurnUnderWay = true;
      turn = (turn + 1) % CONVERSATIONS;
      setImmediate(() => { isTurnUnderWay = false; });
    }
    return places[turn]!;
  };
  return {
    execute: async (operation, variables, origin) => {
      try {
        return await (await placeOfTurn().conversation()).ask(operation, variables, origin);
      } catch (cause) {
        throw new Failure('UNAVAILABLE', { cause });
      }
    },
    ready: () => isReady(`${url}/readyz`),
    close: async () => void await Promise.all(places.map((place) => place.close())),
  };
}

interface Place {
  conversation(): Promise<Conversation>;
  close(): Promise<void>;
}

/** Opens a conversation where there is none that goes on: whoever asks next tries again, so that a core that is back is used at once. */
function makePlace(url: string, secret: string | undefined): Place {
  let current: Promise<Conversation> | undefined;
  const open = (): Promise<Conversation> => {
    const leave = () => { if (current === opening) current = undefined; };
    const opening = openConversation(url, leave, secret);
    opening.catch(leave);
    return opening;
  };
  return {
    conversation: async () => {
      const asked = (current ??= open());
      const found = await asked;
      if (found.isOpen()) return found;
      if (current === asked) current = undefined;
      return (current ??= open());
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
