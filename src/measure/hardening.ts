import type { Container } from './container.ts';
import type { Settled, Verdict } from './health.ts';
import { measured, notMeasured, type Row } from './row.ts';
import type { StackService } from './stack.ts';

/** The three ways in which a container is locked down, and the compose keys that do it. */
export interface Hardening {
  readonly measure: 'service.readOnlyRoot' | 'service.noCapabilities' | 'service.noNewPrivileges';
  readonly holds: (container: Container) => boolean;
  /** Changes a service of a compose model in JSON. */
  readonly apply: (service: Record<string, unknown>) => void;
}

export const hardenings: readonly Hardening[] = [
  {
    measure: 'service.readOnlyRoot',
    holds: (container) => container.readOnlyRoot,
    apply: (service) => {
      service['read_only'] = true;
      const tmpfs = list(service['tmpfs']);
      // Programs may count on /tmp; a refit gives it to them.
      if (!tmpfs.some((entry) => String(entry).split(':')[0] === '/tmp')) service['tmpfs'] = [...tmpfs, '/tmp'];
    },
  },
  {
    measure: 'service.noCapabilities',
    holds: (container) => container.droppedAll,
    apply: (service) => {
      service['cap_drop'] = ['ALL'];
    },
  },
  {
    measure: 'service.noNewPrivileges',
    holds: (container) => container.noNewPrivileges,
    apply: (service) => {
      service['security_opt'] = [...list(service['security_opt']), 'no-new-privileges:true'];
    },
  },
];

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

const fine: readonly Verdict[] = ['healthy', 'running', 'done'];

/** Rows that follow from the stack as declared: a service that already runs locked down has shown that it can. */
export function declaredHardening(
  service: StackService,
  settled: Settled,
): { rows: Row[]; open: readonly Hardening[] } {
  const container = settled.containers.find((candidate) => candidate.service === service.name);
  const verdict = settled.verdicts.get(service.name) ?? 'absent';
  if (container === undefined || !fine.includes(verdict)) {
    const why = 'it does not become healthy, even without being locked down';
    return { rows: hardenings.map((one) => notMeasured(one.measure, why, service.name, settled.up)), open: [] };
  }
  const declared = hardenings.filter((one) => one.holds(container));
  return {
    rows: declared.map((one) => measured(one.measure, true, `declared, and ${verdict}`, settled.up, service.name)),
    open: hardenings.filter((one) => !one.holds(container)),
  };
}

/** Rows of a trial: the same stack with some services locked down further. */
export function trialHardening(
  service: StackService,
  tried: readonly Hardening[],
  settled: Settled,
  words: string,
): Row[] {
  const verdict = settled.verdicts.get(service.name) ?? 'absent';
  const good = fine.includes(verdict);
  const how = tried.length > 1 ? 'all three at once' : 'alone';
  return tried.map((one) =>
    measured(
      one.measure,
      good,
      good
        ? `tried in a copy (${how}): ${verdict}`
        : `tried in a copy (${how}): ${verdict}${words === '' ? '' : `: ${words}`}`,
      settled.up,
      service.name,
    ),
  );
}
