import type { Fact, Reason } from '../facts/fact.ts';
import { formatPlace } from '../text/place.ts';
import { searchPath } from './command-lookup.ts';
import { simulated } from './image.ts';
import type { Command, ImageState } from './state.ts';
import type { Break, StageTrace, Step, Trace } from './trace.ts';

/** A value as far as it is known, with where that comes from. */
export interface ShownFact {
  readonly value?: string;
  readonly unknown?: string;
  readonly because: readonly string[];
}

export interface ShownPath {
  readonly path: string;
  readonly type: string;
  /** Octal, four digits; `?` where not known. */
  readonly mode: string;
  readonly owner: string;
  readonly size?: number;
  readonly presence: 'present' | 'assumed';
  readonly by: string;
}

export interface ShownLayer {
  readonly at: string;
  readonly keyword: string;
  readonly bytes?: number;
  readonly effects: readonly string[];
  readonly unmodelled?: string;
}

/** What Plimsoll believes of an image, for people and for `--format json`. */
export interface ShownImage {
  readonly stage: string;
  readonly base: string;
  readonly at?: string;
  readonly user: ShownFact;
  readonly workdir: ShownFact;
  readonly entrypoint: ShownFact;
  readonly cmd: ShownFact;
  readonly healthcheck: ShownFact;
  readonly stopSignal: ShownFact;
  readonly shell: readonly string[];
  readonly env: Readonly<Record<string, ShownFact>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly distro: ShownFact;
  readonly packages: readonly string[];
  /** Commands found on PATH that lines of the Dockerfile brought, then those the base is known to have. */
  readonly commands: {
    readonly added: readonly string[];
    readonly ofBase: readonly string[];
    readonly missing: readonly string[];
  };
  readonly written: readonly ShownPath[];
  readonly layers: readonly ShownLayer[];
  readonly breaks: readonly string[];
  readonly unknown: readonly string[];
}

function reasonText(reason: Reason): string {
  return 'at' in reason ? `${formatPlace(reason.at)}  ${reason.text}` : `${reason.ref}  ${reason.text}`;
}

function shown<T>(fact: Fact<T>, text: (value: T) => string): ShownFact {
  const because = [...new Set(fact.because.map(reasonText))].slice(0, 4);
  return fact.known ? { value: text(fact.value), because } : { unknown: fact.why, because };
}

const commandText = (command: Command | null): string =>
  command === null ? 'none' : command.form === 'exec' ? JSON.stringify(command.argv) : command.argv.join(' ');

/** The image of a trace's target, at its end or behind the last step at or before a line of the Dockerfile. */
export function showImage(trace: Trace, options: { readonly at?: number } = {}): ShownImage {
  const { stage, steps, state } = positionOf(trace, options.at);
  const own = simulated(state);
  const written: ShownPath[] = [];
  const added: string[] = [];
  const path = searchPath(own);
  const folders = new Set(path.known ? path.value : []);
  for (const { path: name, node, presence } of own.tree.nodes('/')) {
    const origin = node.entry?.origin ?? node.partial?.origin ?? node.because[0];
    if (origin?.kind !== 'line' || (presence !== 'present' && presence !== 'assumed')) continue;
    const entry = node.entry ?? node.partial ?? {};
    if (
      node.type !== 'directory' &&
      ((entry.mode ?? 0) & 0o111) !== 0 &&
      folders.has(name.slice(0, name.lastIndexOf('/')))
    )
      added.push(name);
    written.push({
      path: name,
      type: node.type ?? 'unknown',
      mode: entry.mode === undefined ? '?' : entry.mode.toString(8).padStart(4, '0'),
      owner: `${entry.uid ?? '?'}:${entry.gid ?? '?'}`,
      ...(entry.size === undefined ? {} : { size: entry.size }),
      presence,
      by: formatPlace(origin.at),
    });
  }
  const table = [...(own.baseCommands?.commands ?? [])].map(([name]) => [name, state.command(name)] as const);
  const answered = (wanted: string) =>
    table
      .filter(([, fact]) => fact.known && fact.value === wanted)
      .map(([name]) => name)
      .sort();
  const env = Object.fromEntries(
    [...state.env]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, fact]) => [name, shown(fact, (value) => maskSecret(name, value))]),
  );
  return {
    stage: stage.name ?? String(stage.index),
    base: stage.baseName,
    ...(options.at === undefined ? {} : { at: String(options.at) }),
    user: shown(state.user, (user) => userText(user.written, user.uid, user.gid)),
    workdir: shown(state.workdir, (value) => value),
    entrypoint: shown(state.entrypoint, commandText),
    cmd: shown(state.cmd, commandText),
    healthcheck: shown(state.healthcheck, (value) =>
      value === null ? 'none' : value.kind === 'none' ? 'switched off' : commandText(value.command ?? null),
    ),
    stopSignal: shown(state.stopSignal, (value) => value),
    shell: state.shell,
    env,
    ports: state.ports.map((port) => `${port.port}/${port.protocol}`),
    volumes: state.volumes.map((volume) => volume.path),
    distro: shown(state.distro, (value) => `${value.id}${value.release === undefined ? '' : ` ${value.release}`}`),
    packages: state.packages.map(
      (item) => `${item.manager} ${item.name}${item.version === undefined ? '' : ` ${item.version}`}`,
    ),
    commands: { added, ofBase: answered('present'), missing: answered('absent') },
    written,
    layers: steps.map(layerOf).filter((layer) => layer !== undefined),
    breaks: trace.breaks.filter((item) => withinSteps(item, steps)).map(breakText),
    unknown: [...new Set(trace.undecided.map(reasonText))],
  };
}

function userText(written: string, uid: number | undefined, gid: number | undefined): string {
  const name = written === '' ? 'root' : written;
  return `${name} (${uid ?? '?'}:${gid ?? '?'})`;
}

/** Values that look secret are not printed. */
function maskSecret(name: string, value: string): string {
  return /pass(word|wd)?|secret|token|api_?key|private|credential/i.test(name) && value !== '' ? '••••••' : value;
}

function positionOf(
  trace: Trace,
  line: number | undefined,
): { stage: StageTrace; steps: readonly Step[]; state: ImageState } {
  if (line === undefined) return { stage: trace.target, steps: trace.target.steps, state: trace.final };
  let best: { stage: StageTrace; steps: readonly Step[]; state: ImageState } | undefined;
  for (const stage of trace.stages) {
    if (stage.at.line > line) continue;
    const steps = stage.steps.filter((step) => step.at.line <= line);
    best = { stage, steps, state: steps.at(-1)?.after ?? stage.base };
  }
  return best ?? { stage: trace.target, steps: [], state: trace.target.base };
}

function layerOf(step: Step): ShownLayer | undefined {
  if (step.effects.length === 0 && step.bytes === undefined && step.unmodelled === undefined) return undefined;
  return {
    at: formatPlace(step.at),
    keyword: step.argv && step.argv.length > 0 ? `${step.keyword} ${step.argv.join(' ')}` : step.keyword,
    effects: step.effects,
    ...(step.bytes === undefined ? {} : { bytes: step.bytes }),
    ...(step.unmodelled === undefined ? {} : { unmodelled: step.unmodelled }),
  };
}

function withinSteps(item: Break, steps: readonly Step[]): boolean {
  return steps.length === 0 || steps.some((step) => step.at.file === item.at.file);
}

function breakText(item: Break): string {
  const how = item.hypothetical
    ? ' (as if the breaks above were repaired)'
    : item.swallowed
      ? ' (the build goes on)'
      : '';
  return `${formatPlace(item.at)}  ${item.text}${how}`;
}

/** The view as text. `all`: every path, not only the first fifty. */
export function formatImage(image: ShownImage, options: { readonly all?: boolean } = {}): string {
  const lines: string[] = [
    `stage ${image.stage} from ${image.base}${image.at === undefined ? '' : `, behind line ${image.at}`}`,
    '',
  ];
  const row = (name: string, fact: ShownFact) => {
    lines.push(`${name.padEnd(12)}${fact.value ?? `not known: ${fact.unknown ?? ''}`}`);
    if (fact.because[0] !== undefined) lines.push(`${''.padEnd(12)}${fact.because[0]}`);
  };
  row('user', image.user);
  row('workdir', image.workdir);
  row('entrypoint', image.entrypoint);
  row('command', image.cmd);
  row('healthcheck', image.healthcheck);
  row('stop signal', image.stopSignal);
  row('system', image.distro);
  const list = (name: string, items: readonly string[], most = 40) => {
    if (items.length === 0) return;
    const shownItems = options.all ? items : items.slice(0, most);
    const more = items.length - shownItems.length;
    lines.push(`${name.padEnd(12)}${shownItems.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
  };
  list('ports', image.ports);
  list('volumes', image.volumes);
  list('packages', image.packages);
  list('commands', [...image.commands.added, ...image.commands.ofBase]);
  list('without', image.commands.missing);
  section(
    lines,
    'environment',
    Object.entries(image.env).map(([name, fact]) => `${name}=${fact.value ?? '(not known)'}`),
    options.all,
  );
  section(lines, 'written', image.written.map(pathLine), options.all);
  section(lines, 'layers', image.layers.map(layerLine), options.all);
  section(lines, 'breaks', image.breaks, true);
  section(lines, 'not known', image.unknown, options.all);
  return `${lines.join('\n')}\n`;
}

function section(lines: string[], title: string, items: readonly string[], all: boolean | undefined): void {
  if (items.length === 0) return;
  const most = all ? items.length : 50;
  lines.push('', title, ...items.slice(0, most).map((item) => `  ${item}`));
  if (items.length > most) lines.push(`  … and ${items.length - most} more`);
}

function pathLine(path: ShownPath): string {
  const perhaps = path.presence === 'assumed' ? '  (perhaps)' : '';
  const slash = path.type === 'directory' ? '/' : '';
  return `${path.mode.padStart(4)} ${path.owner.padEnd(10)} ${path.path}${slash}  ${path.by}${perhaps}`;
}

function layerLine(layer: ShownLayer): string {
  const size = layer.bytes === undefined ? '' : `  ${layer.bytes} bytes`;
  const what =
    layer.unmodelled === undefined ? layer.effects.slice(0, 3).join('; ') : `not modelled: ${layer.unmodelled}`;
  return `${layer.at}  ${layer.keyword.slice(0, 60)}${size}  ${what}`;
}
