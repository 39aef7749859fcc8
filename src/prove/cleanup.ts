import type { Engine } from '../engine/engine.ts';
import { ownerLives } from '../engine/owner.ts';
import { sweepFolders } from '../engine/workspace.ts';

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

/** Removes the cache mounts of a run, each by its own id: pruning by a wider filter would empty the user's. */
async function removeCacheMounts(engine: Engine, run: string): Promise<void> {
  const listed = await engine.command(['buildx', 'du', '--verbose'], { seconds: 60 });
  const records = listed.stdout.split(/\n(?=ID:)/);
  const own = records
    .filter(
      (record) =>
        /Type:\s+exec\.cachemount/.test(record) && record.includes(`plimsoll-c`) && record.includes(`-${run}-`),
    )
    .flatMap((record) => /^ID:\s+(\S+)/m.exec(record)?.[1] ?? []);
  for (const id of own) await engine.command(['buildx', 'prune', '--force', '--filter', `id=${id}`], { seconds: 60 });
}

/** Removes what runs left behind whose process is gone: a crash, a power cut. Runs of others and of other hosts stay.
 * @returns the runs that were cleared away */
export async function sweep(engine: Engine): Promise<string[]> {
  await sweepFolders();
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
  const cleared: string[] = [];
  for (const [run, owner] of owners) {
    if (await ownerLives(owner)) continue;
    await removeRun(engine, run);
    cleared.push(run);
  }
  return cleared;
}
