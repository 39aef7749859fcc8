import type { CopyInstruction } from '../dockerfile/types.ts';
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { BuildTarget } from '../model/types.ts';
import type { FileTree } from '../simulate/state.ts';
import type { StageTrace, Step } from '../simulate/trace.ts';
import { type Install, installOf } from './installs.ts';

/** How the node_modules of a folder of the image came to be. */
export interface InstalledModules {
  readonly step: Step;
  readonly install: Install;
  /** The project's folder where it was installed. */
  readonly folder: string;
  readonly leftOut: boolean;
  /** The stages they go through, the image's own first, with the instruction from which on they are there. */
  readonly path: readonly { readonly stage: StageTrace; readonly instruction: number }[];
}

type Path = InstalledModules['path'];

const PRUNES = /^(npm|pnpm) prune\b/;
const ADDS =
  /^(npm (install|i|add)|yarn (add|global|workspaces focus)|lerna bootstrap|rush (install|update)|pnpm (add|install|i)|bun add|npm (link|update)|npx (npm-check|pnpm|lerna|rush))( |$)/;

/** Follows the folder of a project back through the stages to its install. Known `none`: no step brings any node_modules. */
export function installedModules(target: BuildTarget, folder: string): Fact<InstalledModules | 'none'> {
  return follow(target, target.trace.target, target.trace.target.steps.length, folder, false, []);
}

function follow(
  target: BuildTarget,
  stage: StageTrace,
  before: number,
  folder: string,
  pruned: boolean,
  path: Path,
): Fact<InstalledModules | 'none'> {
  let left = pruned;
  const instructions = target.dockerfile.stages[stage.index]?.instructions ?? [];
  for (const step of stage.steps.slice(0, before).toReversed()) {
    const words = (step.argv ?? []).join(' ');
    const mode = step.before.env.get('NODE_ENV');
    const production = mode?.known === true && mode.value === 'production';
    const install = installOf(step, production);
    const here = step.before.workdir.known ? step.before.workdir.value : undefined;
    if (install?.language === 'node') {
      if (here !== folder || /(--prefix|--cwd|--dir|-C|--filter|-F|-w|--workspace|--ignore-workspace)\b/.test(words))
        return unknown(`${words} installs somewhere else or a part only`);
      if (mode?.known === false) return unknown('whether NODE_ENV is production is not known');
      const all = [...path, { stage, instruction: step.instruction }];
      return known({ step, install, folder, leftOut: left || install.development === 'left-out', path: all });
    }
    if (PRUNES.test(words)) left ||= production || /--(prod|production|omit[= ]dev)/.test(words);
    else if (ADDS.test(words) && !/ (-g|--global)\b/.test(words)) return unknown(`${words} adds packages`);
    else if (step.unmodelled !== undefined && (/npm|yarn|bun|install|node_modules/.test(words) || words === ''))
      return unknown(step.unmodelled);
    const copy = instructions[step.instruction];
    if (copy?.keyword !== 'COPY' || here === undefined) continue;
    const from = copiedStage(target, copy);
    if (from === undefined) continue;
    if (from === 'elsewhere') return unknown(`${copy.original.trim()} copies from another image`);
    const root = broughtFrom(from.final.tree, copy, here, folder);
    if (root === undefined) continue;
    if (path.length > 6) return unknown('stages copy from one another');
    const made = follow(target, from, from.steps.length, root, left, [
      ...path,
      { stage, instruction: step.instruction },
    ]);
    // What is copied was made by a step, though not by one that is known here.
    return made.known && made.value === 'none' ? unknown(`what ${copy.original.trim()} brings is not known`) : made;
  }
  if (stage.baseStage !== undefined) {
    const base = target.trace.stages.find((s) => s.index === stage.baseStage);
    return base === undefined
      ? unknown('the base stage is not known')
      : follow(target, base, base.steps.length, folder, left, [...path, { stage, instruction: 0 }]);
  }
  const doubt = stage.steps.slice(0, before).find((step) => step.unmodelled !== undefined)?.unmodelled;
  if (doubt !== undefined) return unknown(doubt);
  const own = stage.base.tree.lookup(`${folder === '/' ? '' : folder}/node_modules`);
  const official = /^(docker\.io\/)?(library\/)?node(:|@|$)/.test(stage.baseName);
  return official || (own.known && own.value.presence === 'absent')
    ? known('none')
    : unknown(`${stage.baseName} may bring node_modules`);
}

function copiedStage(target: BuildTarget, copy: CopyInstruction): StageTrace | 'elsewhere' | undefined {
  if (copy.from === undefined) return undefined;
  const wanted = copy.from.value?.toLowerCase();
  return target.trace.stages.find((s) => s.name === wanted || String(s.index) === wanted) ?? 'elsewhere';
}

/** The project's folder in the other stage, when its node_modules come to `folder`. */
function broughtFrom(tree: FileTree, copy: CopyInstruction, here: string, folder: string): string | undefined {
  const to = absolute(copy.destination.text, here);
  for (const { text } of copy.sources) {
    const source = absolute(text, '/');
    if (source === undefined || to === undefined) continue;
    if (source.endsWith('/node_modules')) {
      if (to === join(folder, 'node_modules')) return source.slice(0, -'/node_modules'.length) || '/';
      continue;
    }
    if (folder !== to && !folder.startsWith(to === '/' ? '/' : `${to}/`)) continue;
    const root = `${source === '/' ? '' : source}${folder.slice(to === '/' ? 0 : to.length)}` || '/';
    const found = tree.lookup(join(root, 'node_modules'));
    if (found.known ? found.value.presence !== 'absent' : !found.because.every((r) => r.kind === 'base-image'))
      return root;
  }
  return undefined;
}

function join(folder: string, name: string): string {
  return `${folder === '/' ? '' : folder}/${name}`;
}

function absolute(path: string, folder: string): string | undefined {
  if (/[$*?[\]]/.test(path)) return undefined;
  const parts = (path.startsWith('/') ? path : `${folder}/${path}`)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : `/${parts.join('/')}`;
}
