/** Polling security events. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { forgetEventReceiver, pollEvents } from '../domain/changes/security-events.js';
import type { Context } from './context.js';
import { ForgetEventReceiverInput, ForgetEventReceiverPayload, PollEventsInput, PollEventsPayload } from './security-event-types.js';
import { payload } from './user-errors.js';

@Resolver()
export class SecurityEventResolver {
  @Mutation(() => PollEventsPayload, {
    description:
      'Tells a receiver what happened to users, groups and members since what it has acknowledged, in commit order, and each at least once. Answered EXPIRED_CURSOR where events may be missing, as after a restore.',
  })
  pollEvents(@Arg('input', () => PollEventsInput) input: PollEventsInput, @Ctx() { caller, services }: Context): Promise<unknown> {
    return payload<object>(() => pollEvents(services, caller, input));
  }

  @Mutation(() => ForgetEventReceiverPayload, {
    description: 'Forgets a receiver of events and how far it was. Whoever polls under its name again begins anew.',
  })
  forgetEventReceiver(
    @Arg('input', () => ForgetEventReceiverInput) { receiver }: ForgetEventReceiverInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => {
      await forgetEventReceiver(services, caller, receiver);
      return { receiver };
    });
  }
}
