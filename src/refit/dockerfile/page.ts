import type { Instruction, Stage } from '../../dockerfile/types.ts';
import type { Repo } from '../../repo/repo.ts';
import type { ImageInput, RefitInput } from '../input.ts';
import { HEADERS_PATH } from '../nginx/page-server.ts';
import { supportedBase, unprivilegedNginx } from './bases.ts';
import { jsonForm, plainChain } from './commands.ts';
import { healthCommand, healthFlags } from './health.ts';
import { nodeProject } from './node-project.ts';
import { installLines, nodeStageSteps } from './node-steps.ts';
import {
  asWritten,
  carried,
  commentsAbove,
  directivesOf,
  execForm,
  joinBlocks,
  type Left,
  left,
  lines,
  type Written,
} from './pieces.ts';
import { labels } from './runtime.ts';

/** Scripts there run before nginx starts. */
const SCRIPT_PATH = '/docker-entrypoint.d/40-settings.sh';

/** Files that the refit puts beside the Dockerfile of a page, relative to its context. */
export interface PageFiles {
  /** The configuration that nginx reads, and where it goes in the image. */
  readonly conf: { readonly source: string; readonly destination: string; readonly isNew: boolean };
  readonly headers: string;
  readonly script: string | undefined;
  /** Port that nginx listens on. */
  readonly port: number;
}

/** Where a page's Dockerfile takes its nginx configuration from, when it is of the shape that can be refitted: by its own COPY,
 * or in a folder that is copied. */
export function pageConf(
  repo: Repo,
  image: ImageInput,
): { readonly source: string; readonly destination: string; readonly folder?: string } | 'none' | Left {
  const served = pageStages(image);
  if ('ok' in served) return served;
  const confs = served.serve.instructions.flatMap((item) =>
    item.keyword === 'COPY' && item.from === undefined
      ? item.sources.flatMap((word) =>
          copied(repo, image, word.text, item.destination.text).map((to) => ({ item, ...to })),
        )
      : [],
  );
  const [first, ...more] = confs;
  if (first === undefined) return 'none';
  const plain = confs.filter(
    (conf) => /\.conf$/.test(conf.source) && /nginx\.conf$|conf\.d(\/[\w.-]*)?$|conf\.d\/$/.test(conf.destination),
  );
  const [only, ...others] = plain;
  if (only === undefined)
    return left(`its nginx configuration goes to ${first.destination}, as a template or in parts`, first.item);
  return others.length > 0
    ? left('it has several nginx configurations', more[0]?.item)
    : {
        source: only.source,
        destination: only.destination,
        ...(only.folder === undefined ? {} : { folder: only.folder }),
      };
}

/** The files of nginx that a source of a COPY brings: itself, or what lies in the folder. */
function copied(
  repo: Repo,
  image: ImageInput,
  written: string,
  destination: string,
): readonly { readonly source: string; readonly destination: string; readonly folder?: string }[] {
  const source = plainPath(written);
  const context = image.contextDir === '' ? '' : `${image.contextDir}/`;
  const folder = `${context}${source}${source === '' ? '' : '/'}`;
  const inside =
    repo.text(`${context}${source}`) !== undefined ? [] : repo.files().filter((path) => path.startsWith(folder));
  const target = destination.replace(/\/$/, '');
  const all =
    inside.length === 0
      ? [{ source, destination }]
      : inside.map((path) => ({
          source: path.slice(context.length),
          destination: `${target}/${path.slice(folder.length)}`,
          folder: source,
        }));
  return all.filter((item) => item.destination.startsWith('/etc/nginx/') && item.source !== '');
}

/** `./conf/` → `conf`. */
function plainPath(path: string): string {
  return path
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function pageStages(image: ImageInput): { readonly build: Stage; readonly serve: Stage } | Left {
  const [build, serve, ...more] = image.dockerfile.stages;
  if (build === undefined || serve === undefined)
    return left('it is no pair of stages, one that builds the page and one that serves it');
  if (more.length > 0) return left('it has more than two stages', more[0]?.from);
  if (unprivilegedNginx(serve.from.image.text) === undefined)
    return left(`the page is not served by nginx but by ${serve.from.image.text}`, serve.from);
  return { build, serve };
}

/** A Dockerfile that builds a page in one stage and serves it with an nginx that needs no root. */
export function pageDockerfile(input: RefitInput, image: ImageInput, files: PageFiles): Written | Left {
  const stages = pageStages(image);
  if ('ok' in stages) return stages;
  const { build, serve } = stages;
  const project = nodeProject(input.repo, image.contextDir);
  if (typeof project === 'string') return left(project);
  const steps = nodeStageSteps(image.dockerfile, build);
  if ('ok' in steps) return steps;
  const nodeBase = supportedBase(build.from.image.text, input.today, project.accepts);
  const nginxBase = unprivilegedNginx(serve.from.image.text);
  if (nginxBase === undefined) return left('the page is not served by nginx', serve.from);
  const rest = serveLines(image, serve, files);
  if (typeof rest !== 'string') return rest;
  const alias = build.from.alias?.text ?? 'build';
  const text = joinBlocks([
    directivesOf(image.dockerfile),
    lines(commentsAbove(build.from), note(nodeBase.why), `FROM ${nodeBase.image} AS ${alias}`),
    lines(steps.first),
    lines(commentsOf(steps.workdir), `WORKDIR ${steps.workdir?.path.text ?? '/app'}`),
    lines(steps.settings),
    lines(installLines(project, steps.install)),
    lines(steps.between),
    lines(steps.sources),
    lines(steps.late),
    lines(commentsAbove(serve.from), note(nginxBase.why), `FROM ${nginxBase.image}`),
    rest,
    lines(commentsOf(serve.instructions.find((item) => item.keyword === 'EXPOSE')), `EXPOSE ${files.port}`),
    healthLines(serve, nginxBase.image, files.port),
    labelLines(image, serve) ?? labels(project),
    commandLines(serve),
  ]);
  const notes = [nodeBase, nginxBase].flatMap((base, index) =>
    base.why === undefined ? [] : [`${(index === 0 ? build : serve).from.image.text} → ${base.image}: ${base.why}`],
  );
  return { ok: true, text, notes };
}

function note(why: string | undefined): string | undefined {
  return why === undefined ? undefined : `# ${why}`;
}

function commentsOf(instruction: Instruction | undefined): readonly string[] {
  return instruction === undefined ? [] : commentsAbove(instruction);
}

/** What the serving stage copies and keeps, in the user's order. */
function serveLines(image: ImageInput, serve: Stage, files: PageFiles): string | Left {
  const has = (destination: string): boolean =>
    serve.instructions.some((item) => item.keyword === 'COPY' && item.destination.text === destination);
  const extra = lines(
    files.conf.isNew ? `COPY ${files.conf.source} ${files.conf.destination}` : undefined,
    has(HEADERS_PATH) ? undefined : `COPY ${files.headers} ${HEADERS_PATH}`,
    files.script === undefined || has(SCRIPT_PATH) ? undefined : `COPY --chmod=755 ${files.script} ${SCRIPT_PATH}`,
  );
  const out: string[] = files.conf.isNew ? [extra] : [];
  let asRoot = false;
  for (const item of serve.instructions) {
    switch (item.keyword) {
      case 'COPY': {
        out.push(asWritten(image.dockerfile, item).replace(/--chown=\S+\s+/, ''));
        const brings = item.sources.some((word) =>
          `${plainPath(files.conf.source)}/`.startsWith(`${plainPath(word.text)}/`),
        );
        if (extra !== '' && !files.conf.isNew && item.from === undefined && brings) out.push(extra);
        break;
      }
      case 'RUN': {
        const commands = plainChain(item);
        if (
          commands?.every(([command = '']) =>
            /^(chown|chmod|addgroup|adduser|groupadd|useradd|mkdir|touch)$/.test(command),
          ) === true
        )
          break;
        if (!asRoot) out.push('USER root');
        asRoot = true;
        const known = commands?.every((argv) => argv[0] === 'rm') === true;
        out.push(known ? asWritten(image.dockerfile, item) : carried(image.dockerfile, item));
        break;
      }
      case 'ADD':
      case 'ENV':
      case 'ARG':
      case 'WORKDIR':
      case 'VOLUME':
        out.push(asWritten(image.dockerfile, item));
        break;
      case 'CMD':
      case 'EXPOSE':
      case 'HEALTHCHECK':
      case 'LABEL':
      case 'USER':
      case 'STOPSIGNAL':
        break;
      default:
        return left(`its serving stage has ${item.written}, which Plimsoll does not carry over`, item);
    }
  }
  if (asRoot) out.push('USER 101');
  return out.join('\n');
}

function healthLines(serve: Stage, base: string, port: number): string | undefined {
  const found = serve.instructions.findLast((item) => item.keyword === 'HEALTHCHECK');
  if (found?.keyword === 'HEALTHCHECK' && found.kind === 'none') return undefined;
  const own = found?.keyword === 'HEALTHCHECK' ? found : undefined;
  const url = `http://127.0.0.1:${port}/`;
  const command = /alpine-slim/.test(base) ? ['wget', '-q', '-O', '/dev/null', url] : healthCommand('nginx', port, '/');
  return lines(commentsOf(own), `HEALTHCHECK ${healthFlags(own)} \\`, `    CMD ${jsonForm(command)}`);
}

function labelLines(image: ImageInput, serve: Stage): string | undefined {
  const own = serve.instructions
    .filter((item) => item.keyword === 'LABEL')
    .map((item) => asWritten(image.dockerfile, item));
  return own.length === 0 ? undefined : own.join('\n');
}

/** nginx's own image starts nginx; a command is written only where the user has one. */
function commandLines(serve: Stage): string | undefined {
  const found = serve.instructions.findLast((item) => item.keyword === 'CMD');
  if (found?.keyword !== 'CMD') return undefined;
  const form = execForm(found, (argv) => argv);
  return lines(commentsAbove(found), form === undefined ? 'CMD ["nginx", "-g", "daemon off;"]' : `CMD ${form}`);
}
