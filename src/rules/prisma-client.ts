import type { BuildTarget } from '../model/types.ts';
import type { InstalledModules } from './installed-modules.ts';

/** Where the schema is when the client's package is installed: `absent` for certain, `unsure`, or `elsewhere`: its generator writes
 * the client to a folder of its own. */
export function schemaOf(target: BuildTarget, { step, folder }: InstalledModules): 'absent' | 'unsure' | 'elsewhere' {
  const { repo, context } = target;
  const schemas = repo
    .files()
    .filter((path) => path.endsWith('.prisma') && (context.dir === '' || path.startsWith(`${context.dir}/`)));
  if (schemas.length === 0) return 'elsewhere';
  if (schemas.some((path) => /\boutput\s*=|provider\s*=\s*"prisma-client"/.test(repo.text(path) ?? '')))
    return 'elsewhere';
  const base = folder === '/' ? '' : folder;
  const found = ['prisma', 'schema.prisma', 'db'].map((name) => step.before.tree.lookup(`${base}/${name}`));
  const manifest = step.before.tree.lookup(`${base}/package.json`);
  const text = manifest.known ? manifest.value.entry?.content?.() : undefined;
  if (text === undefined || /"prisma"\s*:\s*\{/.test(text)) return 'unsure';
  return found.every((one) => one.known && one.value.presence === 'absent') ? 'absent' : 'unsure';
}

/** Whether a step after the install may generate the client, or a COPY brings one that was. */
export function generates(target: BuildTarget, modules: InstalledModules): boolean {
  return modules.path.some(({ stage, instruction }) => {
    const ran = stage.steps.some(
      (step) =>
        step.instruction >= instruction &&
        (/prisma.*\b(generate|push|dev|reset)\b|\bzenstack\b/.test(step.argv?.join(' ') ?? '') ||
          (step.unmodelled !== undefined && !/^(RUN )?(apk|apt|npm config)/.test(step.unmodelled))),
    );
    const lines = target.dockerfile.stages[stage.index]?.instructions ?? [];
    return (
      ran ||
      lines.some(
        (line) =>
          (line.keyword === 'COPY' &&
            /prisma|generated/.test(line.sources.map((s) => s.text).join(' ')) &&
            line.from !== undefined) ||
          (line.keyword === 'RUN' && /prisma\s+(generate|db\s+push)/.test(line.original)),
      )
    );
  });
}
