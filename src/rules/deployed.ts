import type { Reason } from '../facts/fact.ts';
import type { Stack } from '../model/types.ts';
import { linePlace } from '../text/place.ts';
import type { Severity } from './finding.ts';

/** What a rule about production says of a stack: why it counts as deployed, and how much weight that has. */
export interface Deployed {
  /** Empty when its name says it. */
  readonly because: readonly Reason[];
  /** As sure as the purpose is: one step milder where it is only presumed. */
  weigh(severity: Severity): Severity;
  /** `in production`, or what is fair to say of a stack that is presumed to be deployed. */
  readonly where: string;
}

/** Undefined: it is for development, or nobody says what it is for. */
export function deployed({ purpose }: Stack): Deployed | undefined {
  if (purpose.grade === 'production')
    return { because: purpose.because, weigh: (severity) => severity, where: 'in production' };
  if (purpose.grade !== 'presumed') return undefined;
  return {
    because: purpose.because,
    weigh: (severity) => (severity === 'error' ? 'warning' : 'note'),
    where: 'in what is deployed, as it seems',
  };
}

/** The same for what is open to the network: a developer's machine is in networks, too, and its firewall does not hold published
 * ports back. There it is worth a note. */
export function exposed(stack: Stack): Deployed | undefined {
  const live = deployed(stack);
  if (live !== undefined || stack.purpose.grade !== 'development') return live;
  const told = { kind: 'derived' as const, at: linePlace(stack.files[0] ?? '', 1), text: DEVELOPERS };
  return { because: [told], weigh: () => 'note', where: 'on the machines of developers' };
}

const DEVELOPERS =
  'the stack is for development: its machine is in a network, too, and firewalls do not hold published ports back';
