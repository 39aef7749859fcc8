import { existsSync, readFileSync, statSync } from 'node:fs';
import { readLimits } from '../../config/limits.ts';
import { dockerEngine } from '../../engine/docker.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isFault } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import type { Model } from '../../model/types.ts';
import { applyPlan } from '../../plan/apply.ts';
import { filesOf, type Plan } from '../../plan/plan.ts';
import type { ProveOptions, ProveResult } from '../../prove/options.ts';
import { prove } from '../../prove/prove.ts';
import { refitInput } from '../../refit/from-model.ts';
import { digestOf } from '../../repo/digest.ts';
import { openDirectory } from '../../repo/directory.ts';
import type { Repo } from '../../repo/repo.ts';
import { checkRepo } from '../../report/check-repo.ts';
import { proofOf } from '../../report/page/proof.ts';
import { formatValue } from '../../report/page/value.ts';
import { renderProof } from '../../report/text/proof.ts';
import type { Finding } from '../../rules/finding.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { directoryFault } from '../directory-fault.ts';
import { warnOfBrokenLines } from '../ledger-warnings.ts';
import { openConfig } from '../open-config.ts';
import { planOf, refitted } from '../plan-of.ts';
import { type ChosenStack, chooseStack } from '../stack-choice.ts';
import { today } from '../today.ts';

/** `plimsoll prove`: builds and runs before and after in copies, measures, keeps evidence. */
export async function run({ positionals, flags, terminal, signal }: Invocation): Promise<ExitCode> {
  const directory = positionals[0] ?? '.';
  const fault = directoryFault(directory) ?? envFileFault(flags['env-file']);
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  const loaded = openConfig(directory, { flags, terminal });
  if (loaded === undefined) return 2;
  const { config } = loaded;
  const repo = openDirectory(directory);
  const planned = planOf(repo);
  const after = refitted(repo, planned.plan);
  const checkedAfter = checkRepo(after, { today: today() });
  const wanted = typeof flags['stack'] === 'string' ? flags['stack'].split('+') : config.stack?.files;
  const before = chooseStack(planned.model, wanted, config.stack?.profiles);
  if (before === undefined) {
    terminal.err(`plimsoll: ${directory} has nothing that can be built or run: no compose file and no Dockerfile.\n`);
    return 2;
  }
  const afterStack = chooseStack(checkedAfter.model, wanted ?? before.files, config.stack?.profiles);
  const ledger = openLedger(directory);
  warnOfBrokenLines(ledger, terminal);
  const changed = digestOf(repo) !== digestOf(after);
  const { limits, ...settings } = { limits: readLimits(config).budgets, ...config.prove };
  const options: ProveOptions = {
    before: repo,
    ...(changed ? { after } : {}),
    stack: before.choice,
    ...(changed && afterStack !== undefined ? { afterStack: afterStack.choice } : {}),
    stackName: before.name,
    parts: planned.plan.parts.map((p) => ({ id: p.id, tier: p.tier, files: filesOf(p), mustMeasure: p.mustMeasure })),
    withParts: (ids) => applyPlan(repo, planned.plan, { parts: withSafe(planned.plan, ids) }).repo,
    engine: dockerEngine(process.env),
    ledger,
    budgets: limits,
    quick: flags['quick'] === true,
    ...(settings.runs === undefined ? {} : { runs: settings.runs }),
    ...(settings.env === undefined
      ? {}
      : { env: Object.fromEntries(Object.entries(settings.env).map(([k, v]) => [k, String(v)])) }),
    ...(typeof flags['env-file'] === 'string' ? { envText: readFileSync(flags['env-file'], 'utf8') } : {}),
    ...(settings.healthyWithin === undefined ? {} : { healthyWithin: settings.healthyWithin }),
    ...(settings.buildWithin === undefined ? {} : { buildWithin: settings.buildWithin }),
    front: frontHints(checkedAfter.model, config.prove),
    allowEgress: flags['allow-egress'] === true,
    ...(typeof flags['resume'] === 'string' ? { resume: flags['resume'] } : {}),
    signal,
    progress: progressTo(terminal),
  };
  signal.addEventListener('abort', () =>
    terminal.err('Interrupted: removing what this run made; the evidence so far is kept …\n'),
  );
  const result = await prove(options);
  terminal.status('');
  // Without a run there is nothing that a prediction could be held against.
  const ran = result.entries.length > 0;
  if (ran) predict(ledger, result.run, before, repo, planned.report.findings, 'before');
  if (ran && changed) predict(ledger, result.run, before, after, checkedAfter.report.findings, 'after');
  return conclude(result, ledger, { directory, terminal });
}

function progressTo(terminal: Invocation['terminal']): NonNullable<ProveOptions['progress']> {
  const begun = performance.now();
  return (event) => {
    const elapsed = `${((performance.now() - begun) / 1000).toFixed(0)} s`.padStart(5);
    if (event.kind === 'estimate')
      terminal.err(
        `About ${Math.ceil(event.seconds / 60)} min and ${size(event.bytes)} of disk at most (${size(event.free)} free).\n`,
      );
    else if (event.kind === 'step') terminal.status(`${elapsed}  ${event.side}: ${event.text}`);
    else if (event.kind === 'note') terminal.err(`${event.text}\n`);
  };
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(0)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}

function conclude(
  result: ProveResult,
  ledger: Ledger,
  { directory, terminal }: { readonly directory: string; readonly terminal: Invocation['terminal'] },
): ExitCode {
  const proof = proofOf(ledger.entries(), result.run);
  if (proof !== undefined) terminal.out(renderProof(proof, terminal));
  if (result.status === 'fault') {
    terminal.err(`plimsoll: ${result.fault ?? 'the run could not go on'}\n`);
    terminal.err(
      result.entries.length === 0
        ? 'Nothing was built or measured. plimsoll doctor says what this machine can prove and how to get the rest.\n'
        : `What was measured is kept. When that is mended: plimsoll prove ${directory} --resume ${result.run}\n`,
    );
    return 2;
  }
  if (result.status === 'aborted') {
    terminal.err(`What was measured is kept. Go on with: plimsoll prove ${directory} --resume ${result.run}\n`);
    return 130;
  }
  if (result.status === 'met') return 0;
  terminal.err(`${result.missed.length} ${result.missed.length === 1 ? 'budget' : 'budgets'} missed:\n`);
  for (const { entry } of result.missed)
    terminal.err(
      `  ${entry.subject.service ?? 'the stack'}: ${entry.title ?? entry.measure}: ${formatValue({ ...entry, at: '' })}${entry.budget === undefined ? '' : `, wanted: ${entry.budget.text}`}\n`,
    );
  return 1;
}

/** Ids of the safe parts, of these ones and of all that they need. */
function withSafe(plan: Plan, ids: readonly string[]): readonly string[] {
  const chosen = new Set([...plan.parts.filter((part) => part.tier === 'safe').map((part) => part.id), ...ids]);
  // A set that grows while it is walked gives the new members too.
  for (const id of chosen)
    for (const needed of plan.parts.find((part) => part.id === id)?.needs ?? []) chosen.add(needed);
  return [...chosen];
}

/** What check says is evidence too, of its own kind. */
function predict(
  ledger: Ledger,
  run: string,
  stack: ChosenStack,
  repo: Repo,
  findings: readonly Finding[],
  side: 'before' | 'after',
): void {
  const inputs = digestOf(repo);
  for (const finding of findings) {
    if (finding.orphan === true || (finding.stacks.length > 0 && !finding.stacks.includes(stack.id))) continue;
    const service = finding.service ?? stack.serviceOf(finding.target);
    const stored = ledger.append({
      kind: 'prediction',
      run,
      subject: { side, stack: stack.name, inputs, ...(service === undefined ? {} : { service }) },
      measure: `check.${finding.rule}`,
      title: finding.rule,
      text: finding.title,
      finding: service === undefined || finding.service !== undefined ? finding : { ...finding, service },
    });
    if (isFault(stored)) return;
  }
}

function envFileFault(path: string | boolean | readonly string[] | undefined): string | undefined {
  if (typeof path !== 'string') return undefined;
  if (!existsSync(path)) return `${path} does not exist (--env-file).`;
  return statSync(path).isFile() ? undefined : `${path} is no file (--env-file).`;
}

/** Paths worth asking at the front door: of the config, else GET routes without arguments, also behind the page's prefix. */
function frontHints(
  model: Model,
  config: { readonly api?: readonly string[] | undefined; readonly deepLink?: string | undefined } | undefined,
): NonNullable<ProveOptions['front']> {
  const images = refitInput(model, today()).images;
  const prefixes = images.flatMap((i) => (i.upstream === undefined ? [] : [i.upstream.strip ? i.upstream.prefix : '']));
  const routes = model.stacks.flatMap((s) =>
    s.services.flatMap((v) =>
      v.target !== undefined && v.application.known && v.application.value.routes.known
        ? v.application.value.routes.value.routes
        : [],
    ),
  );
  const paths = [
    ...new Set(
      routes
        .filter((r) => r.kind === 'http' && r.method === 'GET' && r.doubtful === undefined && !/[{:<*]/.test(r.path))
        .map((r) => r.path),
    ),
  ];
  const found = [...new Set([...prefixes.flatMap((prefix) => paths.map((path) => `${prefix}${path}`)), ...paths])];
  return {
    api: config?.api ?? found.slice(0, 8),
    ...(config?.deepLink === undefined ? {} : { deepLink: config.deepLink }),
  };
}
