import type { Stage } from '../dockerfile/types.ts';
import type { Repo } from '../repo/repo.ts';
import { officialName, splitReference } from './dockerfile/bases.ts';
import { plainChain, purposeOf } from './dockerfile/commands.ts';
import type { ImageInput } from './input.ts';

/** What an image is for, as far as a writer exists for it. */
export type ImageKind = { readonly is: 'python' | 'node' | 'page' } | { readonly is: 'other'; readonly why: string };

/** Goes by the bases and the installs of the Dockerfile, not by names of folders. */
export function imageKind(_repo: Repo, image: ImageInput): ImageKind {
  const { dockerfile } = image;
  const [problem] = dockerfile.problems.filter((item) => item.level === 'error');
  if (problem !== undefined) return other(`BuildKit refuses it: ${problem.text}`);
  const last = dockerfile.stages.at(-1);
  if (last === undefined) return other('it has no stage');
  if (image.stage !== undefined && image.stage.toLowerCase() !== last.name)
    return other(`its stage ${image.stage} is built, not the last one: several images come from this file`);
  const bases = dockerfile.stages.map((stage) => officialName(splitReference(stage.from.image.text).name));
  const base = bases.at(-1) ?? '';
  const tools = toolsOf(dockerfile.stages);
  const node = tools.some(isNodeTool);
  const python = tools.some(isPythonTool);
  if (node && python) {
    const inLast = toolsOf([last]);
    if (base === 'python' && !inLast.some(isNodeTool)) return { is: 'python' };
    if (base === 'node' && !inLast.some(isPythonTool)) return { is: 'node' };
    return other('it installs Python and Node packages: which of the two it is for is not clear');
  }
  if (/(^|\/)nginx(-unprivileged)?$/.test(base))
    return node ? { is: 'page' } : other('it serves files that no step of it builds');
  const own = base === 'python' || bases[0] === 'python';
  if (python && own) return { is: 'python' };
  if (node && (base === 'node' || bases[0] === 'node')) return { is: 'node' };
  return other(`its base is ${last.from.image.text}, for which there is no writer`);
}

function other(why: string): ImageKind {
  return { is: 'other', why };
}

function isNodeTool(tool: string): boolean {
  return /^(npm|pnpm|yarn)$/.test(tool);
}

function isPythonTool(tool: string): boolean {
  return /^(uv|pip|poetry)$/.test(tool);
}

/** The tools that install dependencies in these stages. */
function toolsOf(stages: readonly Stage[]): readonly string[] {
  return stages.flatMap((stage) =>
    stage.instructions.flatMap((item) =>
      item.keyword !== 'RUN'
        ? []
        : (plainChain(item) ?? []).flatMap((argv) => {
            const purpose = purposeOf(argv);
            return purpose.is === 'install' ? purpose.tool : [];
          }),
    ),
  );
}
