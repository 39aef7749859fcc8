import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { showStackMermaid, showStackTable } from '../../compose/show-stack.ts';
import { dumpAst } from '../../dockerfile/dump.ts';
import { parseDockerfile } from '../../dockerfile/parse.ts';
import { buildModel } from '../../model/build-model.ts';
import type { BuildTarget, Model } from '../../model/types.ts';
import { openDirectory } from '../../repo/directory.ts';
import { contextReport, diffContexts } from '../../simulate/context/context-report.ts';
import { contextDiffText, contextText } from '../../simulate/context/context-text.ts';
import { openContext } from '../../simulate/context/open-context.ts';
import { formatImage, showImage } from '../../simulate/show.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { planOf, refitted } from '../plan-of.ts';
import { nearest } from '../suggest.ts';
import { today } from '../today.ts';

const VIEWS = ['ast', 'context', 'image', 'stack', 'targets'] as const;

/** `plimsoll show`: what Plimsoll believes. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { positionals, terminal } = invocation;
  const [view = '', path = '.'] = positionals;
  if (!(VIEWS as readonly string[]).includes(view)) {
    const near = nearest(view, VIEWS);
    terminal.err(
      `plimsoll: show takes ${VIEWS.join(', ')}, not "${view}".${near === undefined ? '' : ` Did you mean ${near}?`}\n`,
    );
    return 2;
  }
  if (!existsSync(path)) {
    terminal.err(`plimsoll: ${path} does not exist.\n`);
    return 2;
  }
  if (view === 'ast') return showAst(path, invocation);
  const { root, file } = locate(path);
  const model = buildModel(openDirectory(root), { today: today() });
  if (view === 'stack') return showStacks(model, invocation);
  if (view === 'targets') return showTargets(model, invocation);
  const targets = model.targets.filter((t) => file === undefined || t.dockerfile.file === file);
  const wanted = invocation.flags['target'];
  const target =
    (typeof wanted === 'string' ? targets.find((t) => t.stage === wanted) : undefined) ??
    targets.find((t) => !t.orphan) ??
    targets[0];
  if (target === undefined) {
    terminal.err(`plimsoll: ${path} has no Dockerfile that could be read.\n`);
    return 2;
  }
  return view === 'context' ? showContext(target, invocation) : showTarget(target, invocation);
}

/** The repository around a Dockerfile: the nearest folder above with `.git`, else the working directory, else its folder. */
function locate(path: string): { readonly root: string; readonly file?: string } {
  if (statSync(path).isDirectory()) return { root: path };
  const absolute = resolve(path);
  let folder = dirname(absolute);
  while (!existsSync(join(folder, '.git')) && dirname(folder) !== folder) folder = dirname(folder);
  const here = process.cwd();
  const root = existsSync(join(folder, '.git')) ? folder : absolute.startsWith(`${here}/`) ? here : dirname(absolute);
  return { root, file: relative(root, absolute) };
}

function showAst(path: string, { flags, terminal }: Invocation): ExitCode {
  const file = statSync(path).isDirectory() ? join(path, 'Dockerfile') : path;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) {
    terminal.err(`plimsoll: ${file} ${found === undefined ? 'does not exist' : 'is no file'}.\n`);
    return 2;
  }
  const dockerfile = parseDockerfile(readFileSync(file, 'utf8'), basename(file));
  if (flags['format'] === 'json') {
    const { lines: _lines, ...rest } = dockerfile;
    terminal.out(
      `${JSON.stringify(rest, (key, value: unknown) => (key === 'originalMap' || key === 'map' ? undefined : value), 2)}\n`,
    );
  } else terminal.out(`${dumpAst(dockerfile).trimEnd()}\n`);
  for (const p of dockerfile.problems) terminal.err(`${p.at.file}:${p.at.line}: ${p.text}\n`);
  return dockerfile.problems.some((p) => p.level === 'error') ? 2 : 0;
}

function showContext(target: BuildTarget, { flags, terminal }: Invocation): ExitCode {
  const report = contextReport(target.context);
  if (flags['diff'] === true) {
    const repo = target.repo;
    const after = openContext(refitted(repo, planOf(repo).plan), target.context.dir, target.dockerfile.file);
    const diff = diffContexts(report, contextReport(after));
    terminal.out(flags['format'] === 'json' ? `${JSON.stringify(diff, null, 2)}\n` : contextDiffText(diff));
  } else terminal.out(flags['format'] === 'json' ? `${JSON.stringify(report, null, 2)}\n` : contextText(report));
  return 0;
}

function showTarget(target: BuildTarget, { flags, terminal }: Invocation): ExitCode {
  const at = flags['at'] === undefined ? undefined : Number(flags['at']);
  if (at !== undefined && !Number.isInteger(at)) {
    terminal.err(`plimsoll: --at takes the number of a line, not "${String(flags['at'])}".\n`);
    return 2;
  }
  const shown = showImage(target.trace, at === undefined ? {} : { at });
  terminal.out(flags['format'] === 'json' ? `${JSON.stringify(shown, null, 2)}\n` : formatImage(shown));
  return 0;
}

function showStacks(model: Model, { flags, terminal }: Invocation): ExitCode {
  const stacks = model.stacks.filter((s) => s.files.length > 0);
  if (flags['format'] === 'json') {
    terminal.out(
      `${JSON.stringify(
        stacks.map((s) => ({
          id: s.id,
          files: s.files,
          production: s.production,
          development: s.development,
          services: s.services.map((v) => ({
            name: v.name,
            target: v.target?.id,
            listens: v.listens.known ? v.listens.value.map((l) => l.port) : null,
            dependsOn: v.compose.dependsOn.map((d) => d.service),
            networks: v.compose.networks.map((n) => n.name),
          })),
        })),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  if (stacks.length === 0) terminal.out('No compose file.\n');
  for (const stack of stacks)
    terminal.out(
      `${terminal.paint.strong(stack.files.join(' + '))}\n${flags['format'] === 'mermaid' ? showStackMermaid(stack.model) : showStackTable(stack.model, terminal.width)}\n`,
    );
  return 0;
}

function showTargets(model: Model, { flags, terminal }: Invocation): ExitCode {
  const rows = model.targets.map((t) => ({
    id: t.id,
    dockerfile: t.dockerfile.file,
    context: t.contextDir === '' ? '.' : t.contextDir,
    stage: t.stage,
    orphan: t.orphan,
    usedBy: t.usedBy.map((r) => ('at' in r ? `${r.at.file}:${r.at.line} ${r.text}` : r.text)),
  }));
  if (flags['format'] === 'json') terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
  else
    for (const row of rows)
      terminal.out(
        `${row.orphan ? '·' : '✓'} ${row.dockerfile}${row.stage === undefined ? '' : ` stage ${row.stage}`}, context ${row.context}${row.orphan ? ' (nothing builds it)' : ''}\n${row.usedBy.map((u) => `    ${u}\n`).join('')}`,
      );
  return 0;
}
