import { ownerOf } from '../engine/owner.ts';
import { newRunId, runFolder } from '../engine/workspace.ts';
import { recording } from '../ledger/recording.ts';
import { removeRun, sweep } from './cleanup.ts';
import { estimate } from './estimate.ts';
import { guarded } from './guard.ts';
import type { ProvenPart, ProveOptions, ProveResult } from './options.ts';
import { proveParts, type Trial } from './parts.ts';
import { Run } from './run.ts';
import { proveSide } from './side.ts';

/** Builds and runs a repository before and after a refit, in copies, and keeps the evidence. Nothing outside the run's own
 * objects is stopped, removed or pruned; whatever happens, only the evidence stays behind. */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  const id = options.resume ?? newRunId();
  const facts = await options.engine.facts({ seconds: 20 });
  const nothing = { run: id, entries: [], missed: [], proven: [] };
  if (!facts.answers) return { ...nothing, status: 'fault', fault: facts.fault ?? 'no engine answers' };
  if (facts.buildx === undefined)
    return { ...nothing, status: 'fault', fault: 'docker buildx is missing: install the buildx plugin' };
  if (facts.compose === undefined)
    return { ...nothing, status: 'fault', fault: 'docker compose is missing: install the compose plugin' };
  if (options.resume !== undefined && !options.ledger.entries().some((stored) => stored.entry.run === id)) {
    return { ...nothing, status: 'fault', fault: `the ledger has no run ${id}` };
  }
  for (const cleared of await sweep(options.engine))
    options.progress?.({ kind: 'note', text: `removed what the dead run ${cleared} had left behind` });
  const folder = await runFolder(id);
  const sides = options.after === undefined ? 1 : 2;
  const expected = estimate(options.before, options.stack, sides, options.quick);
  options.progress?.({ kind: 'estimate', ...expected, free: folder.free });
  const volumes = new Set<string>();
  const wrap = (run: Run) =>
    recording(
      guarded(options.engine, (why) => run.fail(`the engine was lost: ${why}`)),
      options.ledger,
    );
  const run = new Run(id, await ownerOf(), folder.path, options, facts, wrap);
  try {
    if (folder.free < expected.bytes / 4) {
      run.fail(
        `${folder.path} has ${Math.round(folder.free / 1e6)} MB free, about ${Math.round(expected.bytes / 1e6)} MB are needed: free some, or set TMPDIR`,
      );
    }
    if (!run.stopped) await proveSide(run, 'before', options.before, options.stack, volumes);
    if (!run.stopped && options.after !== undefined) {
      await removeRun(options.engine, id, volumes);
      await proveSide(run, 'after', options.after, options.afterStack ?? options.stack, volumes);
    }
    let trials = 0;
    const trial: Trial = async (repo, stack, label) => {
      await removeRun(options.engine, id, volumes);
      const more = { ...options, after: repo, quick: true, ...(run.call.signal ? { signal: run.call.signal } : {}) };
      const one = new Run(id, run.owner, `${folder.path}/trial-${trials++}`, more, facts, wrap, label);
      await proveSide(one, 'after', repo, stack, volumes);
      for (const [service, build] of one.builds) run.builds.set(service, build);
      if (one.fault !== undefined) run.fail(one.fault);
    };
    return result(run, run.stopped ? [] : await proveParts(run, trial));
  } finally {
    for (const left of await removeRun(options.engine, id, volumes))
      options.progress?.({ kind: 'note', text: `could not be removed: ${left}` });
    await folder.dispose();
  }
}

function result(run: Run, proven: readonly ProvenPart[]): ProveResult {
  const { entries, missedRows: missed, fault } = run;
  if (fault !== undefined) return { run: run.id, status: 'fault', entries, missed, proven, fault };
  if (run.stopped) return { run: run.id, status: 'aborted', entries, missed, proven };
  return { run: run.id, status: missed.length > 0 ? 'missed' : 'met', entries, missed, proven };
}
