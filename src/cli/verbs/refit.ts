import { openLedger } from '../../ledger/open-ledger.ts';
import { applyPlan, type FileChange } from '../../plan/apply.ts';
import { filesOf } from '../../plan/plan.ts';
import { unifiedDiff } from '../../plan/unified-diff.ts';
import { provenParts } from '../../prove/proven.ts';
import { openDirectory } from '../../repo/directory.ts';
import { writeFiles } from '../../repo/write.ts';
import { hang } from '../../report/text/wrap.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { directoryFault } from '../directory-fault.ts';
import { listOf } from '../flag-values.ts';
import { warnOfBrokenLines } from '../ledger-warnings.ts';
import { type Planned, planOf, refitted } from '../plan-of.ts';
import { ruleFault } from '../rule-fault.ts';
import { writeRemedy } from '../write-file.ts';

/** `plimsoll refit`: shows the production set-up as a patch; `--write` applies what is safe, `--proven` also what was proven. */
export async function run({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const directory = positionals[0] ?? '.';
  const format = String(flags['format'] ?? 'diff');
  const only = listOf(flags['only']);
  const fault =
    directoryFault(directory) ??
    (['diff', 'json'].includes(format) ? undefined : `refit knows the formats diff and json, not "${format}".`) ??
    (flags['proven'] === true && flags['write'] !== true ? '--proven goes with --write.' : undefined) ??
    ruleFault(only);
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  const repo = openDirectory(directory);
  const planned = planOf(repo);
  const ledger = openLedger(directory);
  if (flags['proven'] === true) warnOfBrokenLines(ledger, terminal);
  const proven = provenParts(
    ledger.entries(),
    planned.plan.parts.map((p) => ({ id: p.id, tier: p.tier, files: filesOf(p), mustMeasure: p.mustMeasure })),
    refitted(repo, planned.plan),
  ).map((p) => p.id);
  const write = flags['write'] === true;
  const chosen = planned.plan.parts.filter(
    (p) =>
      (!write || p.tier === 'safe' || (flags['proven'] === true && proven.includes(p.id))) &&
      (only.length === 0 || p.rules.some((r) => only.includes(r))),
  );
  const applied = applyPlan(repo, planned.plan, { parts: chosen.map((p) => p.id) });
  if (format === 'json') {
    const parts = planned.plan.parts.map((p) => ({
      ...p,
      proven: proven.includes(p.id),
      applied: write && applied.applied.includes(p.id),
    }));
    terminal.out(
      `${JSON.stringify({ version: 1, parts, leftAlone: planned.plan.leftAlone, withheld: planned.withheld.map((w) => ({ id: w.part.id, why: w.why })), files: applied.files }, null, 2)}\n`,
    );
    if (!write) return 0;
  }
  if (!write) {
    terminal.out(colourDiff(unifiedDiff(applied.files), terminal.paint));
    describe(planned, proven, terminal);
    return 0;
  }
  return store(directory, applied.files, planned, proven, { terminal, quiet: format === 'json' });
}

function store(
  directory: string,
  files: readonly FileChange[],
  planned: Planned,
  proven: readonly string[],
  { terminal, quiet }: { terminal: Invocation['terminal']; quiet: boolean },
): ExitCode {
  const outcome = writeFiles(
    directory,
    files.map((f) => ({
      path: f.path,
      mode: f.mode,
      ...(f.before === undefined ? {} : { before: f.before }),
      ...(f.after === undefined ? {} : { after: f.after }),
    })),
  );
  if (!outcome.ok) {
    const remedy = writeRemedy(/^E[A-Z]+/.exec(outcome.why)?.[0] ?? '');
    const changed = outcome.why.includes('nothing was changed') ? '' : ' Nothing was changed.';
    terminal.err(`plimsoll: ${outcome.path} could not be written: ${outcome.why}.${changed}${remedy}\n`);
    return 2;
  }
  if (!quiet) {
    for (const path of outcome.written) terminal.out(`wrote ${path}\n`);
    if (outcome.written.length === 0) terminal.out('nothing to write\n');
    describe(planned, proven, terminal);
  }
  return 0;
}

/** What the plan holds, on standard error: standard output is the patch alone. */
function describe(
  { plan, withheld }: Planned,
  proven: readonly string[],
  { err, errPaint: paint, width }: Invocation['terminal'],
): void {
  const line = (mark: string, text: string): void => err(`${hang(`${mark} `, 2, text, width).join('\n')}\n`);
  if (plan.parts.length === 0) err('Nothing to refit.\n');
  for (const p of plan.parts) {
    const state =
      p.tier === 'safe' ? paint.good('safe') : proven.includes(p.id) ? paint.good('proven') : paint.warn('unproven');
    line(paint.strong('+'), `${p.title} (${state})`);
  }
  for (const { part, why } of withheld) line('-', `not offered: ${part.title}: ${why}`);
  for (const left of plan.leftAlone) line('·', `left alone: ${left.file}: ${left.why}`);
  const unproven = plan.parts.filter((p) => p.tier === 'unproven' && !proven.includes(p.id)).length;
  if (unproven > 0)
    err(
      `\n${unproven} unproven: plimsoll prove shows whether they work, then plimsoll refit --write --proven applies them.\n`,
    );
}

function colourDiff(diff: string, paint: Invocation['terminal']['paint']): string {
  return diff.replace(/^(\+(?!\+\+ ).*|-(?!-- ).*|@@.*)$/gm, (line) =>
    line.startsWith('+') ? paint.good(line) : line.startsWith('-') ? paint.bad(line) : paint.dim(line),
  );
}
