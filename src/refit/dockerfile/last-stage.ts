import type { Dockerfile, Instruction, Stage } from '../../dockerfile/types.ts';
import { type Part, part } from '../../plan/plan.ts';
import type { Repo } from '../../repo/repo.ts';
import type { Edit } from '../../text/edit.ts';
import { APP_ID, type ImageInput, type RefitInput } from '../input.ts';
import { officialName, splitReference, supportedBase } from './bases.ts';
import { jsonForm } from './commands.ts';
import { healthCommand, healthFlags } from './health.ts';
import { acceptsLine } from './node-project.ts';
import { lines } from './pieces.ts';
import { acceptsPython } from './python-project.ts';
import { quoted } from './python-steps.ts';
import { addUser, aliveMeasure, keepsRoot } from './runtime.ts';
import { runsWithoutRoot } from './sound.ts';

const MEASURES = ['image.builds', 'service.stop.code'];

/** What can be put right in a Dockerfile whose stages stay as they are: a user and a health check for what runs, and bases that
 * are still mended. By span, so that every step stays where its author put it. */
export function keptStageParts(input: RefitInput, image: ImageInput, language: 'python' | 'node'): readonly Part[] {
  const last = image.dockerfile.stages.at(-1);
  // Behind all that writes into the image, and before what says how it runs.
  const anchor = last?.instructions.findLast((item) => /^(RUN|COPY|ADD|WORKDIR|ENV|ARG)$/.test(item.keyword));
  const parts =
    last === undefined || anchor === undefined
      ? []
      : [userPart(image, last, anchor), healthPart(image, last, anchor, language)];
  return [...parts, basesPart(input, image)].filter((item) => item !== undefined);
}

function userPart(image: ImageInput, last: Stage, anchor: Instruction): Part | undefined {
  const { dockerfile } = image;
  const base = externalBase(dockerfile, last);
  if (base === undefined || runsWithoutRoot(dockerfile) || keepsRoot(image) || !rootless(last)) return undefined;
  const node = officialName(splitReference(base).name) === 'node';
  const id = node ? '1000' : String(APP_ID);
  const steps = [
    ...(node ? [] : [addUser(base)]),
    ...(image.dataDirs.length === 0
      ? []
      : [`RUN install -d -o ${id} -g ${id} ${image.dataDirs.map(quoted).join(' ')}`]),
  ];
  const text = lines(
    node ? '# `node` of the base image, by number: an orchestrator can see that it is not root' : undefined,
    steps,
    `USER ${id}:${id}`,
    node || /\bHOME[= ]/.test(dockerfile.text) ? undefined : 'ENV HOME=/tmp',
  );
  return part({
    id: `user:${dockerfile.file}`,
    title: `${dockerfile.file}: run without root`,
    why: 'Whoever breaks into the process gets no rights over the image.',
    tier: 'unproven',
    mustMeasure: [...MEASURES, aliveMeasure(image), 'image.user'],
    rules: ['root-user'],
    edits: [below(dockerfile, anchor, text)],
  });
}

function healthPart(
  image: ImageInput,
  last: Stage,
  anchor: Instruction,
  language: 'python' | 'node',
): Part | undefined {
  const { dockerfile, port } = image;
  const checked = dockerfile.stages.some((stage) => stage.instructions.some((item) => item.keyword === 'HEALTHCHECK'));
  if (checked || port === undefined || image.checkedByCompose === true) return undefined;
  // The base may bring another language than the installs say: only what the last stage stands on is certain.
  const base = externalBase(dockerfile, last);
  if (base === undefined || officialName(splitReference(base).name) !== language) return undefined;
  const text = lines(
    `HEALTHCHECK ${healthFlags(undefined)} \\`,
    `    CMD ${jsonForm(healthCommand(language, port, image.healthPath))}`,
  );
  return part({
    id: `health:${dockerfile.file}`,
    title: `${dockerfile.file}: say when it is healthy`,
    why: 'Nothing tells a process that hangs from one that works; what waits for it starts too early.',
    tier: 'unproven',
    mustMeasure: [...MEASURES, 'service.healthy'],
    rules: ['dependency-never-healthy'],
    edits: [below(dockerfile, anchor, text)],
  });
}

function below(dockerfile: Dockerfile, anchor: Instruction, text: string): Edit {
  const newline = dockerfile.text.includes('\r\n') ? '\r\n' : '\n';
  const at = anchor.span.end;
  return { file: dockerfile.file, start: at, end: at, text: `\n\n${text}`.replaceAll('\n', newline) };
}

/** The image from outside that a stage stands on; undefined where an argument decides. */
function externalBase(dockerfile: Dockerfile, stage: Stage): string | undefined {
  let at: Stage | undefined = stage;
  for (let steps = 0; at !== undefined && steps <= dockerfile.stages.length; steps++) {
    const image: string = at.from.image.text;
    const below: Stage | undefined = dockerfile.stages.find(
      (other, index) => other.name === image.toLowerCase() && index < dockerfile.stages.indexOf(at as Stage),
    );
    if (below === undefined)
      return /\$/.test(image) || !/^(node|python)$/.test(officialName(splitReference(image).name)) ? undefined : image;
    at = below;
  }
  return undefined;
}

/** No other user can read /root; package managers at start want to write where they were installed. */
function rootless(stage: Stage): boolean {
  const start = stage.instructions.filter((item) => item.keyword === 'CMD' || item.keyword === 'ENTRYPOINT');
  if (start.some((item) => /\b(uv|poetry|pipenv|npm|pnpm|yarn|npx)\b/.test(item.original))) return false;
  return !stage.instructions.some((item: Instruction) =>
    /(^|[\s"'=:])\/root(\/(?!\.cache|\.npm)|[\s"':]|$)/.test(item.original),
  );
}

function basesPart(input: RefitInput, image: ImageInput): Part | undefined {
  const { dockerfile } = image;
  const { file, text } = dockerfile;
  // A path with the line in it (`/usr/local/lib/python3.9/site-packages`) would have to move too.
  const pinned = /\/python3\.\d+/.test(text);
  const edits: Edit[] = [];
  const reasons: string[] = [];
  for (const stage of dockerfile.stages) {
    const { image: word } = stage.from;
    const product = officialName(splitReference(word.text).name);
    if (/\$/.test(word.text) || !/:/.test(word.text) || /:latest$/.test(word.text) || (product === 'python' && pinned))
      continue;
    const choice = supportedBase(word.text, input.today, acceptedBy(input.repo, image, product));
    if (choice.why === undefined) continue;
    edits.push({ file, start: word.span.start, end: word.span.end, text: choice.image });
    reasons.push(`${word.text} → ${choice.image}: ${choice.why}.`);
  }
  if (edits.length === 0) return undefined;
  return part({
    id: `bases:${file}`,
    title: `${file}: build on images that are still mended`,
    why: [...new Set(reasons)].join(' '),
    tier: 'unproven',
    mustMeasure: [...MEASURES, aliveMeasure(image)],
    rules: ['base-ended'],
    edits,
  });
}

/** Every manifest in the build context must let its language run on the other release line. */
function acceptedBy(repo: Repo, image: ImageInput, product: string): (line: string) => boolean {
  const prefix = image.contextDir === '' ? '' : `${image.contextDir}/`;
  const name = product === 'node' ? 'package.json' : 'pyproject.toml';
  const ranges = repo
    .files()
    .filter((path) => path.startsWith(prefix) && `/${path}`.endsWith(`/${name}`) && !/(^|\/)node_modules\//.test(path))
    .flatMap((path) => {
      const content = repo.text(path) ?? '';
      const range =
        product === 'node'
          ? /"engines"\s*:\s*\{[^}]*"node"\s*:\s*"([^"]+)"/.exec(content)
          : /^\s*(?:requires-python|python)\s*=\s*["']([^"']+)["']/m.exec(content);
      return range?.[1] ?? [];
    });
  return (line) =>
    ranges.every((range) => (product === 'node' ? acceptsLine(range, Number(line)) : acceptsPython(range, line)));
}
