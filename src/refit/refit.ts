import { type LeftAlone, type Part, type Plan, part } from '../plan/plan.ts';
import { digestOf } from '../repo/digest.ts';
import { linePlace } from '../text/place.ts';
import { hardenStack, type Role } from './compose/harden.ts';
import { resetLists } from './compose/resets.ts';
import { runnerCommands } from './compose/runner-commands.ts';
import { forDevelopment, mountsSource } from './development.ts';
import { keptStageParts } from './dockerfile/last-stage.ts';
import { nodeDockerfile } from './dockerfile/node.ts';
import { type Left, likeBefore, type Written } from './dockerfile/pieces.ts';
import { pythonDockerfile } from './dockerfile/python.ts';
import { keepsRoot } from './dockerfile/runtime.ts';
import { safeFixes } from './dockerfile/safe-fixes.ts';
import { runsWithoutRoot, soundImage } from './dockerfile/sound.ts';
import { contextParts } from './ignore/context-parts.ts';
import { APP_ID, type ImageInput, type RefitInput } from './input.ts';
import { imageKind } from './kind.ts';
import { safeServerParts } from './nginx/safe-server.ts';
import { pagePart } from './page/page-part.ts';

const RUN_MEASURES = ['image.builds', 'service.stop.code', 'service.readOnlyRoot'];

interface Refitted {
  readonly image: ImageInput;
  readonly role: Role;
  readonly port?: number;
  readonly keepsCheck?: boolean;
  /** The part that makes it so. */
  readonly part?: string;
}

/** Everything that refit would change in a repository, as parts in two tiers. Pure; the same input gives the same plan, and a
 * refitted repository an empty one. */
export function refit(given: RefitInput): Plan {
  const parts: Part[] = [];
  const leftAlone: LeftAlone[] = [];
  const input = { ...given, images: given.images.filter((image) => forDevelopment(given, image) === undefined) };
  for (const image of given.images) {
    const why = forDevelopment(given, image);
    if (why !== undefined) leftAlone.push({ file: image.dockerfile.file, why });
  }
  const refitted = new Map<string, Refitted>();
  for (const image of input.images) {
    const file = image.dockerfile.file;
    const kind = imageKind(input.repo, image);
    if (kind.is === 'other') {
      if (!soundImage(image.dockerfile)) leftAlone.push({ file, why: kind.why });
      continue;
    }
    const context = contextParts(input, image, kind.is);
    parts.push(...context);
    // A COPY of the lock file fails as long as the ignore file keeps it out.
    const lock = context.filter((item) => item.id.startsWith('lock:')).map((item) => item.id);
    const safe = safeFixes(image, kind.is === 'page' ? 'nginx' : kind.is);
    parts.push(...safe);
    if (kind.is === 'page') {
      parts.push(...safeServerParts(input, image));
      const page = pagePart(input, image);
      if ('ok' in page) {
        if (!soundImage(image.dockerfile)) leftAlone.push(leftOf(file, page));
        continue;
      }
      if (page.part !== undefined) parts.push({ ...page.part, needs: lock });
      refitted.set(file, {
        image,
        role: 'page',
        port: page.port,
        ...(page.part === undefined ? {} : { part: page.part.id }),
      });
      continue;
    }
    if (soundImage(image.dockerfile)) {
      refitted.set(file, { image, role: 'application' });
      continue;
    }
    const written = kind.is === 'python' ? pythonDockerfile(input, image) : nodeDockerfile(input, image);
    const commands = written.ok && kind.is === 'python' ? runnerCommands(input, image) : [];
    if (!written.ok || typeof commands === 'string') {
      const kept = keptStageParts(input, image, kind.is);
      const reason = written.ok ? { ok: false as const, why: String(commands) } : written;
      const others = kept.length + safe.length > 0 ? 'its steps stay as they are: ' : '';
      leftAlone.push(leftOf(file, { ...reason, why: others + reason.why }));
      parts.push(...kept);
      const user = kept.find((item) => item.rules.includes('root-user'));
      if (user !== undefined || runsWithoutRoot(image.dockerfile))
        refitted.set(file, {
          image,
          role: 'application',
          keepsCheck: true,
          ...(user === undefined ? {} : { part: user.id }),
        });
      continue;
    }
    const stages: Part = { ...dockerfilePart(image, written), edits: commands, needs: lock };
    parts.push(stages);
    refitted.set(file, { image, role: 'application', part: stages.id });
  }
  const compose = composeParts(given, refitted, leftAlone);
  return { digest: digestOf(given.repo), parts: [...parts.map((item) => withPorts(item)), ...compose], leftAlone };

  /** A page on another port works only with what publishes that port. */
  function withPorts(item: Part): Part {
    const page = [...refitted.values()].find((other) => other.part === item.id && other.role === 'page');
    if (page === undefined) return item;
    const moved = given.stacks.filter((stack) =>
      stack.services.some(
        (service) =>
          service.dockerfile === page.image.dockerfile.file &&
          service.published.some((port) => port.container !== page.port),
      ),
    );
    const ids = moved
      .map((stack) => `harden:${stack.files.at(-1)}`)
      .filter((id) => compose.some((other) => other.id === id));
    return ids.length === 0 ? item : { ...item, needs: [...new Set([...(item.needs ?? []), ...ids])] };
  }
}

function leftOf(file: string, reason: Left): LeftAlone {
  return reason.line === undefined
    ? { file, why: reason.why }
    : { file, why: reason.why, at: linePlace(file, reason.line) };
}

function dockerfilePart(image: ImageInput, written: Written): Part {
  const { file, text } = image.dockerfile;
  const root = keepsRoot(image);
  const volumes =
    root || image.dataDirs.length === 0
      ? []
      : [
          `A volume that root has filled must change hands once: chown -R ${APP_ID}:${APP_ID} ${image.dataDirs.join(' ')} in a container as root.`,
        ];
  return part({
    id: `dockerfile:${file}`,
    title: `${file}: install in one stage, run in another${root ? '' : ', without root'}`,
    why: [
      `Dependencies are installed only when the lock file changes, tools and caches stay behind${root ? '' : ', the process has a user of its own'}.`,
      ...written.notes,
      ...volumes,
      ...hostFolderNote(image),
    ].join(' '),
    tier: 'unproven',
    mustMeasure: [
      ...RUN_MEASURES.filter((name) => name !== 'service.stop.code' || !keepsCommand(image, written)),
      /^HEALTHCHECK --/m.test(written.text) || image.checkedByCompose === true ? 'service.healthy' : 'service.starts',
    ],
    rules: [
      ...(root ? [] : ['root-user']),
      'source-before-dependencies',
      'dev-dependencies-shipped',
      'shell-form-command',
      'health-tool-missing',
      'health-route-missing',
      'base-ended',
      'base-unpinned',
      'id-taken',
      'lockfile-ignored',
    ],
    writes: [{ file, text: likeBefore(written.text, text) }],
  });
}

/** The process is started as before, so it ends as before: that is nothing to show. */
function keepsCommand(image: ImageInput, written: Written): boolean {
  const { stages, text } = image.dockerfile;
  const command = stages
    .at(-1)
    ?.instructions.findLast((item) => item.keyword === 'CMD' || item.keyword === 'ENTRYPOINT');
  return command?.form === 'exec' && written.text.includes(text.slice(command.span.start, command.span.end));
}

function hostFolderNote(image: ImageInput): readonly string[] {
  const folders = (image.hostFolders ?? []).join(' ');
  return keepsRoot(image)
    ? [
        `It still runs as root: it writes to folders of the host (${folders}), which only their owner can hand over. To change that, chown them to ${APP_ID}:${APP_ID} and add USER ${APP_ID}:${APP_ID}.`,
      ]
    : [];
}

function composeParts(
  input: RefitInput,
  refitted: ReadonlyMap<string, Refitted>,
  leftAlone: LeftAlone[],
): readonly Part[] {
  const out: Part[] = [];
  const done = new Set<string>();
  const production = input.stacks.filter((stack) => stack.production);
  for (const stack of production.length > 0 ? production : input.stacks) {
    const file = stack.files.at(-1);
    if (file === undefined || done.has(file)) continue;
    done.add(file);
    const developed = stack.services.find((service) => mountsSource(input, service));
    if (developed !== undefined && stack.files.length === 1) {
      leftAlone.push({ file, why: `it is for development: ${developed.name} mounts the source` });
      continue;
    }
    const resets = resetLists(input.repo, stack, input.images);
    if (typeof resets === 'string') {
      leftAlone.push({ file, why: resets });
      continue;
    }
    if (resets.edits.length > 0) {
      out.push(
        part({
          id: `resets:${file}`,
          title: `${file}: take away what the empty lists were meant to take away`,
          why: `Compose appends lists, an empty one changes nothing; !reset and !override do (Compose 2.24). ${resets.texts.join('; ')}.`,
          tier: 'safe',
          rules: resets.rules,
          edits: resets.edits,
        }),
      );
    }
    const edits = hardenStack({ repo: input.repo, stack, refitted });
    if (typeof edits === 'string') leftAlone.push({ file, why: edits });
    else if (edits.length > 0) {
      const services = new Set(stack.services.flatMap((service) => service.dockerfile ?? []));
      const needs = [...services].flatMap((dockerfile) => refitted.get(dockerfile)?.part ?? []);
      out.push(
        part({
          id: `harden:${file}`,
          title: `${file}: limits, a read-only root, no capabilities, bounded logs, networks`,
          why: 'A service that leaks or is broken into stays within its own bounds. The limits are starting points: prove says what is really used.',
          tier: 'unproven',
          mustMeasure: ['service.starts', 'stack.healthy', 'stack.limits'],
          rules: [
            'limits-missing',
            'root-writable',
            'capabilities-kept',
            'logs-unbounded',
            'published-port-unserved',
            'dependency-never-healthy',
          ],
          edits,
          needs,
        }),
      );
    }
  }
  return out;
}
