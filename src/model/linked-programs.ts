import type { Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { StageTrace, Step } from '../simulate/trace.ts';
import type { BuildTarget } from './types.ts';

/** Why a program that a stage compiles is linked to the C library of that stage; undefined where it may stand alone. */
export function linkedProgram(target: BuildTarget, stage: StageTrace, source: string): Reason | undefined {
  if (!stage.base.libc.known || stage.base.libc.value !== 'glibc') return undefined;
  for (const step of stage.steps) {
    const text = step.argv?.join(' ') ?? '';
    const line = lineOf(target, stage, step);
    if (/^cargo (build|b)\b/.test(text) && rustProgram(stage, text, line, source))
      return { kind: 'line', at: step.at, text: `${text.slice(0, 60)}: Rust links to the C library of its image` };
    const go = /^go build\b/.test(text) ? goProgram(target, stage, step, line, source) : undefined;
    if (go !== undefined) return { kind: 'line', at: step.at, text: `${text.slice(0, 60)} with cgo: ${go}` };
  }
  return undefined;
}

function lineOf(target: BuildTarget, stage: StageTrace, step: Step): string {
  return target.dockerfile.stages[stage.index]?.instructions[step.instruction]?.original ?? '';
}

function rustProgram(stage: StageTrace, text: string, line: string, source: string): boolean {
  const flags = stage.final.env.has('RUSTFLAGS') || stage.final.env.has('CARGO_BUILD_TARGET');
  return /\/target\/release\/[\w.-]+$/.test(source) && !/--target|musl|crt-static/.test(`${text} ${line}`) && !flags;
}

/** Go links to the C library where cgo is on, which is so where gcc is there, and the program uses the network or asks for users. */
function goProgram(
  target: BuildTarget,
  stage: StageTrace,
  step: Step,
  line: string,
  source: string,
): string | undefined {
  const words = step.argv ?? [];
  const all = `${words.join(' ')} ${line}`;
  const env = (name: string) => step.before.env.get(name);
  if (/CGO_ENABLED|static|netgo|osusergo|GOOS=(?!linux)|GOARCH/.test(all) || !/^golang(:|@|$)/.test(stage.baseName))
    return undefined;
  if (['CGO_ENABLED', 'GOFLAGS', 'GOOS', 'GOARCH', 'CC'].some((name) => env(name) !== undefined)) return undefined;
  const gcc = step.before.command('gcc');
  const out = words.indexOf('-o');
  const at = step.before.workdir.known ? step.before.workdir.value : undefined;
  const name = words[out + 1] ?? '';
  if (!gcc.known || gcc.value !== 'present' || out < 0 || at === undefined) return undefined;
  const written = name.startsWith('/') ? name : `${at === '/' ? '' : at}/${name.replace(/^\.\//, '')}`;
  if (written !== source) return undefined;
  const argument = words.slice(out + 2).find((word) => !word.startsWith('-')) ?? '.';
  return networkOf(target.repo, target.context.dir, argument);
}

const NETWORK =
  /^(net|net\/http|os\/user|google\.golang\.org\/grpc|github\.com\/(gin-gonic\/gin|labstack\/echo(\/v\d+)?|gofiber\/fiber(\/v\d+)?|go-chi\/chi(\/v\d+)?|gorilla\/mux|lib\/pq|redis\/go-redis(\/v\d+)?|jackc\/pgx(\/v\d+)?))$/;

/** The import that brings the network into a program, followed through the packages of its own module. */
function networkOf(repo: Repo, context: string, argument: string): string | undefined {
  const root = repo.entry(join(context, 'go.mod')) === undefined ? undefined : context;
  const module = root === undefined ? undefined : /^module\s+(\S+)/m.exec(repo.text(join(root, 'go.mod')) ?? '')?.[1];
  if (root === undefined || module === undefined) return undefined;
  const first = argument
    .replace(/^\.\/?/, '')
    .replace(/\/?[\w.-]+\.go$/, '')
    .replace(/\/+$/, '');
  const queue = [first];
  const seen = new Set(queue);
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    for (const entry of repo.children(join(root, folder))) {
      if (entry.type !== 'file' || !entry.path.endsWith('.go') || entry.path.endsWith('_test.go')) continue;
      for (const name of importsOf(repo.text(entry.path) ?? '')) {
        if (NETWORK.test(name)) return `${entry.path} imports ${name}`;
        const inner = name === module ? '' : name.startsWith(`${module}/`) ? name.slice(module.length + 1) : undefined;
        if (inner === undefined || seen.has(inner)) continue;
        seen.add(inner);
        queue.push(inner);
      }
    }
  }
  return undefined;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

/** Paths of the import declarations at the top of a Go file; files for other systems import nothing. */
function importsOf(text: string): readonly string[] {
  if (/^\/\/(go:build|\s*\+build)\s/m.test(text.slice(0, 500))) return [];
  const blocks = [...text.matchAll(/^import\s*(?:\(([\s\S]*?)^\)|(?:[\w.]+\s+)?"([^"]+)")/gm)];
  return blocks.flatMap(([, list, one]) =>
    one !== undefined ? [one] : [...(list ?? '').matchAll(/^\s*(?:[\w.]+\s+)?"([^"]+)"/gm)].map((m) => m[1] ?? ''),
  );
}
