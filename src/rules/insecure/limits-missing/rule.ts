import type { Service, Stack } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'services have no limit on memory',
  why: 'Without a limit one container can take all memory of the host, and the kernel then ends a process of its own choice, perhaps the database.',
  remedy: 'Set deploy.resources.limits (memory, cpus, pids) to what prove measured, with room.',
  proof: 'none',
  decides: 'always',
  *check({ stacks }) {
    const unlimited = stacks
      .filter((stack) => !stack.development && stack.files.length > 0)
      .map((stack) => ({ stack, services: stack.services.filter((s) => s.compose.limits.memory === undefined) }));
    // What a larger stack says of the same services is said there.
    const said = unlimited.filter((own) => own.services.length > 0 && !unlimited.some((other) => covers(other, own)));
    const lone = said.filter(({ stack }) => !stack.production);
    for (const { stack, services } of said) {
      const [first] = services;
      // A collection of samples needs to be told once.
      const many = !stack.production && lone.length > MANY;
      if (first === undefined || (many && stack !== lone[0]?.stack)) continue;
      const names = services.map((s) => s.name);
      const shown =
        names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
      const none = (what: 'cpus' | 'pids'): boolean => services.every((s) => s.compose.limits[what] === undefined);
      yield claim({
        // A lone file may be for a desk.
        severity: stack.production ? 'warning' : 'note',
        at: first.at,
        stacks: many ? lone.map((other) => other.stack.id) : [stack.id],
        title: many
          ? `${shown} and the services of ${lone.length - 1} more stacks have no memory limit`
          : `${shown} ${names.length === 1 ? 'has' : 'have'} no memory limit`,
        subject: 'memory',
        because: services.slice(0, 8).map((s) => ({
          kind: 'compose',
          at: s.at,
          text: `${s.name} sets no limit on memory${none('cpus') ? ', CPU' : ''}${none('pids') ? ' or processes' : ''}`,
        })),
        fix: { safety: 'unsafe', title: 'set limits', edits: [], mustMeasure: ['stack.limits', 'service.healthy'] },
      });
    }
  },
});

const MANY = 4;

interface Unlimited {
  readonly stack: Stack;
  readonly services: readonly Service[];
}

/** Whether another stack has all these services and more, or the same ones with more weight. */
function covers(other: Unlimited, own: Unlimited): boolean {
  if (other.stack === own.stack) return false;
  const places = new Set(other.services.map(placeOf));
  if (!own.services.every((s) => places.has(placeOf(s)))) return false;
  return places.size > own.services.length || (other.stack.production && !own.stack.production);
}

function placeOf({ at, name }: Service): string {
  return `${at.file}:${at.line} ${name}`;
}
