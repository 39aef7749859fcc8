import type { Engine } from '../engine/engine.ts';
import { ownerLives } from '../engine/owner.ts';
import { sweepFolders } from '../engine/workspace.ts';
import { pause } from '../measure/stack.ts';

/** Removes every object that carries a run's label, and what is named besides. Nothing else is touched.
 * @returns what could not be removed */
export async function removeRun(engine: Engine, run: string, volumes: Iterable<string> = []): Promise<string[]> {
  const label = `label=plimsoll.run=${run}`;
  const call = { seconds: 60 };
  const ids = async (args: readonly string[]): Promise<string[]> => {
    const listed = await engine.command([...args, '--quiet', '--filter', label], call);
    return [...new Set(listed.stdout.split('\n').filter((id) => id !== ''))];
  };
  const left: string[] = [];
  const remove = async (args: readonly string[], what: readonly string[]): Promise<void> => {
    if (what.length === 0) return;
    const removed = await engine.command([...args, ...what], call);
    if (removed.exit !== 0) left.push(removed.stderr.trim().split('\n').at(-1) ?? '');
  };
  await remove(['rm', '--force', '--volumes'], await ids(['ps', '--all']));
  await remove(['network', 'rm'], await ids(['network', 'ls']));
  await remove(['volume', 'rm', '--force'], [...new Set([...(await ids(['volume', 'ls'])), ...volumes])]);
  await remove(['image', 'rm', '--force'], await ids(['image', 'ls']));
  await removeCacheMounts(engine, run);
  return left;
}

/** Removes the cache mounts of a run and those that quick runs share, each by its own id: pruning by a wider filter would empty
 * the user's. A build that was just stopped may hold its mounts for a moment more. */
async function removeCacheMounts(engine: Engine, run: string): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    if (attempt > 0) await pause(500, undefined);
    const listed = await engine.command(['buildx', 'du', '--verbose'], { seconds: 60 });
    const { own, shared } = cacheMounts(listed.stdout, run);
    for (const id of [...own, ...shared])
      await engine.command(['buildx', 'prune', '--force', '--filter', `id=${id}`], { seconds: 60 });
    // What quick runs share may be in another one's use.
    if (own.length === 0) return;
  }
}

/** Records of cache mounts in what `docker buildx du --verbose` prints: of this run, and shared by quick runs. Pure. */
export function cacheMounts(text: string, run: string): { own: string[]; shared: string[] } {
  const mounts = text.split(/\n(?=ID:)/).flatMap((record) => {
    const id = /^ID:\s+(\S+)/m.exec(record)?.[1];
    const name = /with id "\/?([^"]*)"\s*$/m.exec(record)?.[1];
    return id === undefined || name === undefined || !/^Type:\s+exec\.cachemount/m.test(record) ? [] : [{ id, name }];
  });
  const ids = (shape: RegExp): string[] => mounts.filter(({ name }) => shape.test(name)).map(({ id }) => id);
  return { own: ids(new RegExp(`^plimsoll-c\\d+-${run}-`)), shared: ids(/^plimsoll-quick-/) };
}

/** Removes what runs left behind whose process is gone: a crash, a power cut. Runs of others and of other hosts stay.
 * @returns the runs that were cleared away */
export async function sweep(engine: Engine): Promise<string[]> {
  // A run that was killed in its first build has left a folder and cache mounts, and nothing with a label.
  const dead = new Set(await sweepFolders());
  const format = '{{.Label "plimsoll.run"}} {{.Label "plimsoll.owner"}}';
  const lists = await Promise.all(
    [
      ['ps', '--all'],
      ['network', 'ls'],
      ['volume', 'ls'],
    ].map((args) => engine.command([...args, '--filter', 'label=plimsoll.run', '--format', format], { seconds: 30 })),
  );
  const images = await engine.command(['image', 'ls', '--quiet', '--filter', 'label=plimsoll.run'], { seconds: 30 });
  const imageIds = [...new Set(images.stdout.split('\n').filter((id) => id !== ''))];
  const labels =
    imageIds.length === 0
      ? undefined
      : await engine.command(
          [
            'image',
            'inspect',
            '--format',
            '{{index .Config.Labels "plimsoll.run"}} {{index .Config.Labels "plimsoll.owner"}}',
            ...imageIds,
          ],
          { seconds: 30 },
        );
  const lines = [...lists.map((list) => list.stdout), labels?.stdout ?? ''].join('\n').split('\n');
  const owners = new Map<string, string>();
  for (const line of lines) {
    const [run = '', owner = ''] = line.trim().split(' ');
    if (run !== '' && owner !== '') owners.set(run, owner);
  }
  for (const [run, owner] of owners) if (!(await ownerLives(owner))) dead.add(run);
  for (const run of dead) await removeRun(engine, run);
  return [...dead];
}
