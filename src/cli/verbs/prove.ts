import { existsSync, readFileSync } from 'node:fs';
import { readLimits } from '../../config/limits.ts';
import { loadConfig } from '../../config/load.ts';
import { dockerEngine } from '../../engine/docker.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isFault } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import type { Model } from '../../model/types.ts';
import { filesOf } from '../../plan/plan.ts';
import type { ProveOptions, ProveResult } from '../../prove/options.ts';
import { prove } from '../../prove/prove.ts';
import { refitInput } from '../../refit/from-model.ts';
import { digestOf } from '../../repo/digest.ts';
import { openDirectory } from '../../repo/directory.ts';
import type { Repo } from '../../repo/repo.ts';
import { checkRepo } from '../../report/check-repo.ts';
import { proofOf } from '../../report/page/proof.ts';
import { renderProof } from '../../report/text/proof.ts';
import type { Finding } from '../../rules/finding.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { directoryFault } from '../directory-fault.ts';
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
  const loaded = loadConfig(directory, typeof flags['config'] === 'string' ? flags['config'] : undefined);
  if (!loaded.ok) {
    for (const p of loaded.problems) terminal.err(`${p.at.file}:${p.at.line}: ${p.text}. ${p.remedy}.\n`);
    return 2;
  }
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
  const changed = digestOf(repo) !== digestOf(after);
  const { limits, ...settings } = { limits: readLimits(config).budgets, ...config.prove };
  const options: ProveOptions = {
    before: repo,
    ...(changed ? { after } : {}),
    stack: before.choice,
    ...(changed && afterStack !== undefined ? { afterStack: afterStack.choice } : {}),
    stackName: before.name,
    parts: planned.plan.parts.map((p) => ({ id: p.id, tier: p.tier, files: filesOf(p), mustMeasure: p.mustMeasure })),
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
    progress: (event) => {
      if (event.kind === 'estimate')
        terminal.err(
          `about ${Math.ceil(event.seconds / 60)} min and ${Math.round(event.bytes / 1e6)} MB of disk (${Math.round(event.free / 1e9)} GB free)\n`,
        );
      else if (event.kind === 'step') terminal.err(`${terminal.paint.dim(`${event.side}: ${event.text}`)}\n`);
      else if (event.kind === 'note') terminal.err(`${event.text}\n`);
    },
  };
  const result = await prove(options);
  predict(ledger, result.run, before, repo, planned.report.findings, 'before');
  if (changed) predict(ledger, result.run, before, after, checkedAfter.report.findings, 'after');
  return conclude(result, ledger, terminal);
}

function conclude(result: ProveResult, ledger: Ledger, terminal: Invocation['terminal']): ExitCode {
  const proof = proofOf(ledger.entries(), result.run);
  if (proof !== undefined) terminal.out(renderProof(proof, terminal));
  if (result.status === 'aborted')
    terminal.err(`Interrupted. What was measured is kept; go on with: plimsoll prove --resume ${result.run}\n`);
  if (result.status === 'fault') terminal.err(`plimsoll: ${result.fault ?? 'the run could not go on'}\n`);
  if (result.status === 'missed')
    terminal.err(
      `${result.missed.length} ${result.missed.length === 1 ? 'budget' : 'budgets'} missed: ${result.missed.map((m) => `${m.entry.subject.service ?? 'stack'} ${m.entry.title ?? m.entry.measure}`).join(', ')}\n`,
    );
  return result.status === 'fault' ? 2 : result.status === 'met' ? 0 : 1;
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
  return typeof path === 'string' && !existsSync(path) ? `${path} does not exist (--env-file).` : undefined;
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
