import { randomHex, type Workspace } from '../engine/workspace.ts';
import type { ImageBuild } from './builds.ts';
import type { BuildJson, ComposeJson } from './compose-json.ts';
import type { Run } from './run.ts';

/** The request for a service's image, or why there is none. */
export async function imageRequest(
  run: Run,
  service: string,
  build: BuildJson,
  copy: Workspace,
  tag: string,
  env: Readonly<Record<string, string>>,
  model: ComposeJson,
): Promise<ImageBuild | string> {
  const context = build.context ?? copy.path;
  const inCopy = (path: string): string | undefined =>
    path === copy.path ? '' : path.startsWith(`${copy.path}/`) ? path.slice(copy.path.length + 1) : undefined;
  const relative = inCopy(context);
  if (relative === undefined) return `its build context (${context}) lies outside the repository`;
  let dockerfile = build.dockerfile ?? 'Dockerfile';
  if (build.dockerfile_inline !== undefined) {
    dockerfile = `.plimsoll-${service}.Dockerfile`;
    await copy.write(`${relative}/${dockerfile}`.replace(/^\//, ''), build.dockerfile_inline);
  }
  const path = inCopy(
    dockerfile.startsWith('/') ? dockerfile : copy.at(`${relative === '' ? '.' : relative}/${dockerfile}`),
  );
  if (path === undefined) return `its Dockerfile (${dockerfile}) lies outside the repository`;
  const args = Object.fromEntries(
    Object.entries(build.args ?? {}).flatMap(([name, value]) =>
      value === null ? (env[name] === undefined ? [] : [[name, env[name]]]) : [[name, value]],
    ),
  ) as Record<string, string>;
  return {
    service,
    request: {
      context,
      dockerfile: copy.at(path),
      tag,
      labels: run.labels,
      args,
      secrets: await buildSecrets(run, build, copy, model, env),
      ...(build.target === undefined ? {} : { target: build.target }),
      ...(build.additional_contexts === undefined ? {} : { contexts: build.additional_contexts }),
    },
    copy,
    dockerfile: path,
    context: relative,
    files: await copy.files(),
  };
}

async function buildSecrets(
  run: Run,
  build: BuildJson,
  copy: Workspace,
  model: ComposeJson,
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const flags: string[] = [];
  for (const { source, target } of build.secrets ?? []) {
    const declared = model.secrets?.[source];
    const given = declared?.['file'];
    if (
      typeof given === 'string' &&
      given.startsWith(`${copy.path}/`) &&
      (await copy.text(given.slice(copy.path.length + 1))) !== undefined
    ) {
      flags.push(`id=${target ?? source},src=${given}`);
      continue;
    }
    const variable = declared?.['environment'];
    const value = (typeof variable === 'string' ? env[variable] : undefined) ?? randomHex(16);
    run.options.ledger.hide(value);
    const file = `.plimsoll-secrets/build-${source}`;
    await copy.write(file, value);
    flags.push(`id=${target ?? source},src=${copy.at(file)}`);
  }
  return flags;
}
