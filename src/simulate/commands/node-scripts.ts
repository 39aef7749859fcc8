import { type Fact, known } from '../../facts/fact.ts';
import { change } from '../change.ts';
import { DEFAULT_PATH } from '../command-lookup.ts';
import { type Call, type Failure, failed, type Outcome, type World } from '../command-model.ts';
import { simulated, withFields } from '../image.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import type { Manifest } from './node-project.ts';
import { kindAt, parentOf } from './paths.ts';

/** Runs `name` of a package's scripts, with its pre and post scripts, in the package's folder and with its tools on PATH. */
export function runScript(
  call: Call,
  state: ImageState,
  world: World,
  folder: string,
  manifest: Manifest,
  name: string,
  more: string,
): Outcome | undefined {
  const chain = [`pre${name}`, name, `post${name}`].filter((item) => manifest.scripts.has(item));
  let now = state;
  let last: Outcome | undefined;
  const effects: string[] = [];
  for (const item of chain) {
    const text = `${manifest.scripts.get(item) ?? ''}${item === name ? more : ''}`;
    last = runWithTools(call, now, world, folder, text, manifest);
    effects.push(...last.effects);
    if (last.exit.status !== 'succeeds') return { ...last, effects };
    now = last.state;
  }
  return last ? { ...last, effects } : undefined;
}

/** Runs a command line with `node_modules/.bin` of a folder and of those above it on PATH. */
export function runWithTools(
  call: Call,
  state: ImageState,
  world: World,
  folder: string,
  text: string,
  manifest?: Manifest,
): Outcome {
  const folders: string[] = [];
  for (let at = folder; ; at = parentOf(at)) {
    folders.push(joinPath(at, 'node_modules/.bin'));
    if (at === '/') break;
  }
  const before = simulated(state).env;
  const old = call.env.get('PATH') ?? before.get('PATH') ?? known(DEFAULT_PATH);
  const path: Fact<string> = old.known ? { ...old, value: [...folders, old.value].join(':') } : old;
  const prepared = manifest && old.known ? withoutTools(state, call, folders, old.value.split(':'), manifest) : state;
  const inner = withFields(prepared, { env: new Map([...before, ['PATH', path]]) });
  const env = new Map([...call.env, ['PATH', path] as const]);
  const outcome = world.runShell(text, call, inner, { cwd: known(folder), env });
  const restore = (image: ImageState) => withFields(image, { env: before });
  const exit =
    outcome.exit.status === 'fails'
      ? { ...outcome.exit, failures: outcome.exit.failures.map((item) => nameTool(item, manifest, state, folder)) }
      : outcome.exit;
  return {
    ...outcome,
    exit,
    state: restore(outcome.state),
    ...(outcome.repaired ? { repaired: restore(outcome.repaired) } : {}),
  };
}

/** Tools whose package has another name. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  ng: '@angular/cli',
  nest: '@nestjs/cli',
  'vue-cli-service': '@vue/cli-service',
  'run-s': 'npm-run-all',
  'run-p': 'npm-run-all',
  'svelte-kit': '@sveltejs/kit',
  tailwindcss: '@tailwindcss/cli',
  remix: '@remix-run/dev',
  'react-router': '@react-router/dev',
};

/** Says that tools of development dependencies that no node_modules holds are not on PATH either: no distribution brings
 * them, so a folder of the base image that is not known in full does not hold them. */
function withoutTools(
  state: ImageState,
  call: Call,
  folders: readonly string[],
  path: readonly string[],
  manifest: Manifest,
): ImageState {
  let now = state;
  for (const name of manifest.devDependencies) {
    if (manifest.dependencies.has(name)) continue;
    const tools = [
      name.replace(/^@[^/]*\//, ''),
      ...Object.keys(PACKAGE_OF).filter((tool) => PACKAGE_OF[tool] === name),
    ];
    for (const tool of tools) {
      if (!folders.every((folder) => kindAt(state, joinPath(folder, tool)) === 'absent')) continue;
      const [reason = call.reason] = state.tree.lookup(joinPath(folders[0] ?? '/', tool)).because;
      for (const folder of path) {
        const found = now.tree.lookup(joinPath(folder, tool), { follow: false });
        const untouched = !found.known && found.because.every((item) => item.kind === 'base-image');
        if (untouched) now = change(now, reason).remove(joinPath(folder, tool)).state;
      }
    }
  }
  return now;
}

/** A missing tool that the manifest lists for development was left out by the install, not forgotten. */
function nameTool(failure: Failure, manifest: Manifest | undefined, state: ImageState, folder: string): Failure {
  if (failure.kind !== 'command-missing' || !manifest) return failure;
  const tool = failure.subject;
  const owner = PACKAGE_OF[tool] ?? tool;
  if (!manifest.devDependencies.has(owner) || manifest.dependencies.has(owner)) return failure;
  const modules = joinPath(folder, 'node_modules');
  const installed = kindAt(state, modules) !== 'absent';
  if (!installed) return failure;
  return {
    ...failure,
    kind: 'dev-dependency-absent',
    text: `\`${tool}\` is not in the image: ${owner} is a development dependency, and the install left those out`,
    detail: { ...failure.detail, tool, package: owner },
  };
}

export function scriptMissing(call: Call, state: ImageState, folder: string, name: string, says: string): Outcome {
  return failed(
    state,
    [
      {
        kind: 'script-missing',
        at: call.at,
        subject: name,
        text: `${call.name} stops: ${joinPath(folder, 'package.json')} has no script ${name}`,
        because: [...state.tree.lookup(joinPath(folder, 'package.json')).because, call.reason],
        says,
        detail: { script: name, folder },
      },
    ],
    { repaired: state },
  );
}
