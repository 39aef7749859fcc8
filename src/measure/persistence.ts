import { failure, type Outcome, succeeded } from '../engine/outcome.ts';
import type { Container } from './container.ts';
import { type Keeper, keepers } from './data.ts';
import { type Settled, startAndSettle } from './health.ts';
import { measured, notMeasured, type Row } from './row.ts';
import { compose, type RunningStack } from './stack.ts';

/** Leaves a mark wherever the stack keeps data, takes all containers away and starts the stack again; then the same with a
 * backup of the volumes, the volumes removed and the backup restored. Only objects of this run are touched.
 * @returns the rows, and how the stack stands afterwards */
export async function persistenceRows(
  stack: RunningStack,
  seen: readonly Container[],
  mark: string,
  limit: number,
): Promise<{ rows: Row[]; settled?: Settled }> {
  const found = await keepers(stack, seen);
  if (found.length === 0) {
    const why = 'nothing in the running stack keeps data in a volume';
    return { rows: [notMeasured('stack.recreate', why), notMeasured('stack.backup', why)] };
  }
  const written: Keeper[] = [];
  for (const keeper of found) {
    const container = of(seen, keeper);
    if (container === undefined) continue;
    const wrote = await keeper.write(container, mark);
    if (!succeeded(wrote)) {
      const why = `a mark could not be written to ${keeper.what} of ${keeper.service}: ${failure(wrote)}`;
      return {
        rows: [
          notMeasured('stack.recreate', why, undefined, wrote),
          notMeasured('stack.backup', why, undefined, wrote),
        ],
      };
    }
    written.push(keeper);
  }
  const down = await compose(stack, ['down']);
  const again = await startAndSettle(stack, limit);
  const kept = await check(written, again.containers, mark);
  const recreate = measured('stack.recreate', kept.lost.length === 0, words(kept, 'after down and up'), down);
  // What was lost by the recreation cannot show whether a backup works.
  const rest = written.filter((keeper) => !kept.lost.includes(keeper));
  if (rest.length === 0) {
    return {
      rows: [recreate, notMeasured('stack.backup', 'the data was lost before', undefined, down)],
      settled: again,
    };
  }
  // A restore that failed leaves nothing running: the measurements that follow need the stack.
  const backup = await backupAndRestore(stack, again.containers, rest, mark, limit);
  return { rows: [recreate, backup.row], settled: backup.settled ?? (await startAndSettle(stack, limit)) };
}

async function backupAndRestore(
  stack: RunningStack,
  seen: readonly Container[],
  written: readonly Keeper[],
  mark: string,
  limit: number,
): Promise<{ row: Row; settled?: Settled }> {
  const failed = (what: string, outcome: Outcome): { row: Row } => ({
    row: measured('stack.backup', false, `${what}: ${failure(outcome)}`, outcome),
  });
  const stopped = await compose(stack, ['stop']);
  if (!succeeded(stopped)) return failed('the stack could not be stopped', stopped);
  const saved = new Map<string, { file: string; service: string; target: string }>();
  for (const container of seen) {
    for (const volume of container.volumes) {
      if (!volume.writable || saved.has(volume.name)) continue;
      const file = `${stack.scratch}/volume-${saved.size}.tar`;
      const copied = await stack.engine.copyOut(container.id, volume.target, file, stack.call);
      if (!succeeded(copied)) return failed(`${volume.target} of ${container.service} could not be saved`, copied);
      saved.set(volume.name, { file, service: container.service, target: volume.target });
    }
  }
  const down = await compose(stack, ['down', '--volumes']);
  if (!succeeded(down)) return failed('the volumes could not be removed', down);
  const created = await compose(stack, ['create', '--no-build']);
  if (!succeeded(created)) return failed('the stack could not be created again', created);
  const listed = await stack.engine.command(
    [
      'ps',
      '--all',
      '--no-trunc',
      '--filter',
      `label=com.docker.compose.project=${stack.project}`,
      '--format',
      '{{.ID}} {{.Label "com.docker.compose.service"}}',
    ],
    stack.call,
  );
  const ids = new Map(listed.stdout.split('\n').map((line) => [line.split(' ')[1] ?? '', line.split(' ')[0] ?? '']));
  let restored: Outcome = created;
  for (const { file, service, target } of saved.values()) {
    restored = await stack.engine.copyIn(file, ids.get(service) ?? service, target, stack.call);
    if (!succeeded(restored)) return failed(`${target} of ${service} could not be restored`, restored);
  }
  const settled = await startAndSettle(stack, limit);
  const kept = await check(written, settled.containers, mark);
  const text = words(kept, `after ${saved.size} volume${saved.size === 1 ? '' : 's'} went through a tar file`);
  return { row: measured('stack.backup', kept.lost.length === 0, text, restored), settled };
}

interface Kept {
  readonly held: readonly Keeper[];
  readonly lost: readonly Keeper[];
}

async function check(written: readonly Keeper[], seen: readonly Container[], mark: string): Promise<Kept> {
  const held: Keeper[] = [];
  const lost: Keeper[] = [];
  for (const keeper of written) {
    const container = of(seen, keeper);
    const there = container !== undefined && (await keeper.holds(container, mark));
    (there ? held : lost).push(keeper);
  }
  return { held, lost };
}

function words(kept: Kept, when: string): string {
  const name = (keeper: Keeper): string => `${keeper.what} of ${keeper.service}`;
  const lost = kept.lost.length === 0 ? '' : `lost: ${kept.lost.map(name).join(', ')}; `;
  return `${lost}${kept.held.length === 0 ? 'nothing' : kept.held.map(name).join(', ')} still there ${when}`;
}

function of(seen: readonly Container[], keeper: Keeper): Container | undefined {
  return seen.find((container) => container.service === keeper.service && container.running);
}
