import { parsePorts } from '../../dockerfile/ports.ts';
import { scopeAfter } from '../../dockerfile/scope.ts';
import type {
  CmdInstruction,
  EntrypointInstruction,
  EnvInstruction,
  ExposeInstruction,
  HealthcheckInstruction,
  LabelInstruction,
  ShellInstruction,
  StopsignalInstruction,
  VolumeInstruction,
} from '../../dockerfile/types.ts';
import { type Fact, known, unknown } from '../../facts/fact.ts';
import { withFields } from '../image.ts';
import { joinPath } from '../node.ts';
import { PersistentMap } from '../persistent-map.ts';
import type { Command, Healthcheck, Port } from '../state.ts';
import type { Break } from '../trace.ts';
import { advance, because, expand, type StageWalk } from './stage-walk.ts';

function persistent<V>(map: ReadonlyMap<string, V>): PersistentMap<V> {
  return map instanceof PersistentMap ? map : PersistentMap.from(map);
}

export function env(walk: StageWalk, instruction: EnvInstruction): void {
  const breaks: Break[] = [];
  let next = persistent(walk.state.env);
  let open = walk.state.envOpen;
  const effects: string[] = [];
  for (const { key, value } of instruction.pairs) {
    const name = expand(walk, key, breaks);
    const text = expand(walk, value, breaks);
    if (!name.known) {
      open = true;
      continue;
    }
    const fact: Fact<string> = { ...text, because: [because(instruction), ...text.because] };
    next = next.set(name.value, fact);
    effects.push(`sets ${name.value}`);
  }
  const { build } = walk;
  walk.scope = scopeAfter(walk.scope, instruction, build.global, build.dockerfile.escape, build.buildArgs);
  advance(walk, instruction, withFields(walk.state, { env: next, envOpen: open }), { effects, breaks });
}

export function label(walk: StageWalk, instruction: LabelInstruction): void {
  const breaks: Break[] = [];
  let labels = persistent(walk.state.labels);
  for (const { key, value } of instruction.pairs) {
    const name = expand(walk, key, breaks);
    if (name.known) labels = labels.set(name.value, expand(walk, value, breaks));
  }
  advance(walk, instruction, withFields(walk.state, { labels }), { breaks });
}

export function expose(walk: StageWalk, instruction: ExposeInstruction): void {
  const breaks: Break[] = [];
  const ports: Port[] = [];
  for (const word of instruction.words) {
    const text = expand(walk, word, breaks);
    if (!text.known) continue;
    for (const one of text.value.split(/\s+/)) {
      const parsed = parsePorts(one);
      if ('error' in parsed || parsed.last - parsed.first > 1000) continue;
      for (let port = parsed.first; port <= parsed.last; port++) {
        const seen = [...walk.state.ports, ...ports].some(
          (item) => item.port === port && item.protocol === parsed.protocol,
        );
        if (!seen) ports.push({ port, protocol: parsed.protocol, because: [because(instruction), ...text.because] });
      }
    }
  }
  const effects = ports.map((port) => `exposes ${port.port}/${port.protocol}`);
  advance(
    walk,
    instruction,
    ports.length === 0 ? walk.state : withFields(walk.state, { ports: [...walk.state.ports, ...ports] }),
    { effects, breaks },
  );
}

export function volume(walk: StageWalk, instruction: VolumeInstruction): void {
  const breaks: Break[] = [];
  const volumes = [...walk.state.volumes];
  for (const word of instruction.paths) {
    const text = expand(walk, word, breaks);
    if (!text.known || volumes.some((item) => item.path === text.value)) continue;
    volumes.push({ path: text.value, because: [because(instruction), ...text.because] });
  }
  advance(walk, instruction, withFields(walk.state, { volumes }), { breaks });
}

export function stopSignal(walk: StageWalk, instruction: StopsignalInstruction): void {
  const breaks: Break[] = [];
  const text = expand(walk, instruction.signal, breaks);
  const fact = { ...text, because: [because(instruction), ...text.because] };
  advance(walk, instruction, withFields(walk.state, { stopSignal: fact }), { breaks });
}

export function shell(walk: StageWalk, instruction: ShellInstruction): void {
  advance(walk, instruction, withFields(walk.state, { shell: instruction.argv.map((word) => word.text) }));
}

/** `at` begins at the command itself: a HEALTHCHECK's options often stand on lines of their own above it. */
function commandOf(
  walk: StageWalk,
  instruction: CmdInstruction | EntrypointInstruction | HealthcheckInstruction,
): Command | null {
  const { file, lines } = walk.build.dockerfile;
  const start = instruction.words[0]?.span.start ?? instruction.span.start;
  const at = lines.place(file, { start, end: instruction.span.end });
  if (instruction.argv) return { form: 'exec', argv: instruction.argv.map((word) => word.text), at };
  if (instruction.script) return { form: 'shell', argv: [instruction.script.text], at };
  return null;
}

export function cmd(walk: StageWalk, instruction: CmdInstruction): void {
  walk.cmdSet = true;
  advance(
    walk,
    instruction,
    withFields(walk.state, { cmd: known(commandOf(walk, instruction), because(instruction)) }),
  );
}

/** ENTRYPOINT forgets the CMD of the base, not one that this stage set before it. */
export function entrypoint(walk: StageWalk, instruction: EntrypointInstruction): void {
  const reason = because(instruction);
  const fields = { entrypoint: known(commandOf(walk, instruction), reason) };
  const forgotten = walk.cmdSet
    ? {}
    : { cmd: known(null, { ...reason, text: 'ENTRYPOINT resets the CMD of the base image' }) };
  advance(walk, instruction, withFields(walk.state, { ...fields, ...forgotten }));
}

export function healthcheck(walk: StageWalk, instruction: HealthcheckInstruction): void {
  const command = commandOf(walk, instruction);
  const { interval, timeout, startPeriod, startInterval, retries } = instruction;
  const value: Healthcheck =
    instruction.kind === 'none'
      ? { kind: 'none' }
      : {
          kind: 'command',
          ...(command ? { command } : {}),
          ...(interval === undefined ? {} : { interval }),
          ...(timeout === undefined ? {} : { timeout }),
          ...(startPeriod === undefined ? {} : { startPeriod }),
          ...(startInterval === undefined ? {} : { startInterval }),
          ...(retries === undefined ? {} : { retries }),
        };
  advance(walk, instruction, withFields(walk.state, { healthcheck: known(value, because(instruction)) }));
}

/** An absolute path, taken from the working directory when it is relative. */
export function absolute(walk: StageWalk, path: Fact<string>): Fact<string> {
  if (!path.known) return path;
  if (path.value.startsWith('/')) return { ...path, value: joinPath('/', path.value) };
  const { workdir } = walk.state;
  if (!workdir.known) return unknown(`the folder that ${path.value} is relative to is not known`, ...workdir.because);
  return { ...path, value: joinPath(workdir.value, path.value) };
}
