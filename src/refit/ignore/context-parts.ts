import { type Part, part } from '../../plan/plan.ts';
import type { ImageInput, RefitInput } from '../input.ts';
import { keepOut, keepSecretsOut, letThrough } from './ignore.ts';

/** The changes of an ignore file: what the build needs is let through, what no image needs and what is secret stays out. */
export function contextParts(input: RefitInput, image: ImageInput, kind: 'python' | 'node' | 'page'): readonly Part[] {
  const { repo } = input;
  const file = image.ignoreFile;
  const path = (name: string): string => (image.contextDir === '' ? name : `${image.contextDir}/${name}`);
  const locks = [
    'package-lock.json',
    'pnpm-lock.yaml',
    'yarn.lock',
    'uv.lock',
    'poetry.lock',
    'package.json',
    'pyproject.toml',
  ];
  const edits = letThrough(
    repo,
    file,
    locks.filter((name) => repo.entry(path(name)) !== undefined),
  );
  const out: Part[] = [];
  if (edits.length > 0) {
    out.push(
      part({
        id: `lock:${file}`,
        title: `${file}: let the lock file through`,
        why: 'An install that goes by the lock file stops without it.',
        tier: 'safe',
        rules: ['lockfile-ignored'],
        edits,
      }),
    );
  }
  // One ignore file may serve several images: what the first of them needs is enough.
  if (input.images.find((other) => other.ignoreFile === file) !== image) return out;
  const images = input.images.filter((other) => other.ignoreFile === file);
  const kinds = images.some(({ dockerfile }) => /\b(npm|pnpm|yarn) /.test(dockerfile.text))
    ? [kind, 'node' as const]
    : [kind];
  const junk = keepOut(repo, file, kinds, (pattern) => isAskedFor(input, images, pattern));
  if (junk.edits.length + junk.writes.length > 0) {
    out.push(
      part({
        id: `context:${file}`,
        title: `${file}: keep out what no image needs`,
        why: 'Less is sent to the engine, and a change of these files builds nothing again.',
        tier: 'safe',
        rules: ['context-bloated'],
        ...junk,
      }),
    );
  }
  // A bundler reads .env while it builds: without it the page would change.
  const bundled = /"(vite|@vue\/cli-service|react-scripts|next|nuxt|astro|@angular\/cli|webpack)"\s*:/;
  if (kind === 'page' || bundled.test(repo.text(path('package.json')) ?? '')) return out;
  const created = junk.writes[0];
  const secrets = keepSecretsOut(repo, file);
  if (secrets.edits.length + secrets.writes.length > 0) {
    const reads = repo
      .files()
      .some(
        (name) =>
          name.startsWith(path('')) &&
          /\.(py|[cm]?[jt]s)$/.test(name) &&
          /dotenv|env_file|["'`/]\.env\b/.test(repo.text(name) ?? ''),
      );
    const joined =
      created === undefined
        ? secrets
        : { edits: [], writes: [{ file, text: created.text + (secrets.writes[0]?.text ?? '') }] };
    const made = part({
      id: `secrets:${file}`,
      title: `${file}: keep files with secrets out of the image`,
      why: 'Whoever has the image can read every file that was copied into it.',
      tier: reads ? 'unproven' : 'safe',
      mustMeasure: reads ? ['service.starts'] : [],
      rules: ['secret-in-image'],
      ...joined,
    });
    // A new file is written once: with the secrets where both parts go in, without them where only the safe one does.
    if (created !== undefined && reads) out.splice(out.length - 1, 0, made);
    else if (created === undefined) out.push(made);
    else
      out.splice(out.length - 1, 1, { ...made, id: `context:${file}`, rules: ['context-bloated', 'secret-in-image'] });
  }
  return out;
}

/** A step copies it (a page that is built beforehand), or a version is read from the history of git. */
function isAskedFor(input: RefitInput, images: readonly ImageInput[], pattern: string): boolean {
  const name = pattern.replace(/^\*\*\//, '');
  return images.some(({ dockerfile, contextDir }) => {
    const copied = dockerfile.stages.some((stage) =>
      stage.instructions.some(
        (item) =>
          (item.keyword === 'ADD' || (item.keyword === 'COPY' && item.from === undefined)) &&
          item.sources.some((word) => `${word.text.replace(/^(\.?\/)+/, '')}/`.startsWith(`${name}/`)),
      ),
    );
    if (copied || name !== '.git') return copied;
    const folder = contextDir === '' ? '' : `${contextDir}/`;
    const manifests = ['pyproject.toml', 'setup.py', 'setup.cfg', 'package.json', 'Makefile'];
    return (
      /\bgit (describe|rev-parse|log|show)\b/.test(dockerfile.text) ||
      manifests.some((item) =>
        /setuptools[-_]scm|hatch-vcs|versioneer|versioningit|dunamai|poetry-dynamic-versioning|\bpbr\b|git (describe|rev-parse|log)/.test(
          input.repo.text(folder + item) ?? '',
        ),
      )
    );
  });
}
