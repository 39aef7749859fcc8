import { type Reason, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { change } from '../change.ts';
import { groupsOf } from '../identity.ts';
import { type SimulatedImage, withFields } from '../image.ts';
import { openStep, type RunContext, type StepDetails } from './run-context.ts';
import type { Shell } from './shell-world.ts';

/** The image after a command that is not modelled: whatever it could reach is in doubt. */
export function doubtImage(image: SimulatedImage, context: RunContext, reason: Reason): SimulatedImage {
  const why = reason.text;
  const after = change(image, reason).assumeReachable(
    context.uid,
    groupsOf(image, context.uid, context.gid),
    why,
  ).state;
  const root = !context.uid.known || context.uid.value === 0;
  if (!root) return after;
  // Root may also have added users and packages: what is listed stays listed, what is not is no longer known to be missing.
  return withFields(after, {
    users: after.users.known ? { ...unknown(why, reason), ...{ because: [reason] } } : after.users,
    groups: after.groups.known ? unknown(why, reason) : after.groups,
    languages: after.languages,
  });
}

/** The shell after something that is not modelled, with its step. */
export function doubtShell(shell: Shell, context: RunContext, reason: Reason, at: Place, details: StepDetails): Shell {
  context.undecided(reason);
  const image = doubtImage(shell.image, context, reason);
  openStep(context, at, shell.image, image, { ...details, unmodelled: details.unmodelled ?? reason.text });
  return { ...shell, image, status: undefined, out: shell.out ? unknown(reason.text, reason) : undefined };
}
