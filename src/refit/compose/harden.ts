import type { Repo } from '../../repo/repo.ts';
import type { Edit } from '../../text/edit.ts';
import { keepsRoot } from '../dockerfile/runtime.ts';
import type { ImageInput, ServiceInput, StackInput } from '../input.ts';
import { ComposeText } from './compose-text.ts';
import { needsInit, shellIgnoresSignals } from './init.ts';

export type Role = 'application' | 'page' | 'foreign';

export interface HardenInput {
  readonly repo: Repo;
  readonly stack: StackInput;
  /** Images whose Dockerfile was or is refitted, by path. */
  readonly refitted: ReadonlyMap<
    string,
    { readonly image: ImageInput; readonly role: Role; readonly port?: number; readonly keepsCheck?: boolean }
  >;
}

/** Memory, CPUs and processes that a service of a kind may take, until somebody has measured better ones. */
const LIMITS: Readonly<Record<Role, readonly [cpus: string, memory: string, pids: number]>> = {
  application: ['1.0', '512M', 200],
  page: ['0.5', '128M', 100],
  foreign: ['1.0', '1G', 200],
};

/** Settings of a production stack that keep a break-in or a leak inside one container, added to its last file. A text says
 * why nothing is done. */
export function hardenStack(input: HardenInput): readonly Edit[] | string {
  const files = input.stack.files.map((file) => new ComposeText(file, input.repo.text(file) ?? ''));
  const broken = files.find((file) => file.problem !== undefined)?.problem;
  if (broken !== undefined) return broken;
  const target = files.at(-1);
  if (target === undefined) return 'it has no file';
  const refusal = input.stack.services.map((service) => target.refusal(service.name)).find((why) => why !== undefined);
  if (refusal !== undefined) return refusal;

  const networks = networksFor(input, files);
  for (const service of input.stack.services) {
    const known = service.dockerfile === undefined ? undefined : input.refitted.get(service.dockerfile);
    const keys = new Set(files.flatMap((file) => Object.keys(file.service(service.name) ?? {})));
    const own = (key: string): unknown =>
      files.findLast((file) => file.has(service.name, key))?.service(service.name)?.[key];
    const init =
      service.needsInit ??
      (shellIgnoresSignals(own('entrypoint'), own('command')) ||
        (known?.role === 'application' && needsInit(input.repo, known.image)));
    const lines = settingsOf(service, known?.role ?? 'foreign', keys, files, {
      init,
      hostWrites: known?.role === 'application' && keepsRoot(known.image),
    });
    if (networks !== undefined)
      lines.push('networks:', ...(networks.get(service.name) ?? []).map((name) => `  - ${name}`));
    if (lines.length > 0) target.addToService(service.name, lines);
    if (known?.port !== undefined) for (const file of files) movePort(file, service.name, known.port);
    if (known !== undefined && known.keepsCheck !== true)
      for (const file of files) dropForeignCheck(file, service.name, known.image);
  }
  if (networks !== undefined) {
    target.addSection([
      'networks:',
      '  # what the world reaches',
      '  front:',
      '  # what only the services reach',
      '  back:',
    ]);
  }
  return files.flatMap((file) => file.edits);
}

function settingsOf(
  service: ServiceInput,
  role: Role,
  keys: ReadonlySet<string>,
  files: readonly ComposeText[],
  { init, hostWrites }: { readonly init: boolean; readonly hostWrites: boolean },
): string[] {
  const lines: string[] = [];
  const add = (key: string, ...text: readonly string[]): void => {
    if (!keys.has(key)) lines.push(...text);
  };
  // A task that has done its work must not begin again: only what is known to serve is started again.
  const ownCommand = keys.has('command') || keys.has('entrypoint');
  if (!isTask(service.name, files) && (!ownCommand || service.published.length > 0))
    add('restart', 'restart: unless-stopped');
  if (role !== 'foreign') {
    add('read_only', 'read_only: true');
    if (!service.mounts.some((mount) => mount.target === '/tmp')) add('tmpfs', 'tmpfs:', '  - /tmp');
    if (!keys.has('cap_add') && !keys.has('privileged')) {
      add('cap_drop', 'cap_drop:', '  - ALL');
      if (hostWrites && !keys.has('cap_drop'))
        lines.push('cap_add:', '  # it writes to folders of the host, whoever owns them there', '  - DAC_OVERRIDE');
    }
  }
  if (init) add('init', '# process 1 has no default action for SIGTERM: something must pass it on', 'init: true');
  if (!keys.has('privileged')) add('security_opt', 'security_opt:', '  - no-new-privileges:true');
  add('stop_grace_period', 'stop_grace_period: 20s');
  const limited =
    ['mem_limit', 'cpus', 'pids_limit'].some((key) => keys.has(key)) ||
    files.some((file) => hasLimits(file.service(service.name)));
  if (!limited && !(keys.has('deploy') && files.at(-1)?.has(service.name, 'deploy') === true)) {
    const [cpus, memory, pids] = LIMITS[role];
    lines.push(
      'deploy:',
      '  resources:',
      '    limits:',
      `      cpus: "${cpus}"`,
      `      memory: ${memory}`,
      `      pids: ${pids}`,
    );
  }
  add('logging', 'logging:', '  driver: json-file', '  options:', '    max-size: 10m', '    max-file: "3"');
  return lines;
}

/** Another service waits until this one has ended. */
function isTask(name: string, files: readonly ComposeText[]): boolean {
  return files.some((file) =>
    Object.values(file.section('services') ?? {}).some((service) =>
      JSON.stringify(
        (service as { depends_on?: { [name: string]: unknown } } | null)?.depends_on?.[name] ?? '',
      ).includes('service_completed_successfully'),
    ),
  );
}

function hasLimits(service: Readonly<Record<string, unknown>> | undefined): boolean {
  const deploy = service?.['deploy'];
  return typeof deploy === 'object' && deploy !== null && 'resources' in deploy;
}

/** Two networks where nobody has made any: the page on both, everything else behind it. Only with a page in front, and only
 * when nothing else is published. */
function networksFor(
  input: HardenInput,
  files: readonly ComposeText[],
): ReadonlyMap<string, readonly string[]> | undefined {
  if (files.some((file) => file.section('networks') !== undefined)) return undefined;
  const settled = input.stack.services.some((service) =>
    files.some((file) => file.has(service.name, 'networks') || file.has(service.name, 'network_mode')),
  );
  const isPage = (service: ServiceInput): boolean =>
    service.dockerfile !== undefined && input.refitted.get(service.dockerfile)?.role === 'page';
  const pages = input.stack.services.filter(isPage);
  if (settled || pages.length === 0 || pages.length === input.stack.services.length) return undefined;
  return new Map(input.stack.services.map((service) => [service.name, isPage(service) ? ['front', 'back'] : ['back']]));
}

/** A page's nginx no longer listens on 80: what is published must lead to the new port. */
function movePort(file: ComposeText, service: string, port: number): void {
  for (const item of file.scalars(service, 'ports')) {
    if (/(^|:)80(\/tcp)?$/.test(item.text))
      item.replace(item.text.replace(/80(\/tcp)?$/, `${port}$1`).replace(/^8080$/, `80:${port}`));
  }
}

/** A health check of compose takes the place of the image's: one that asks for a tool, a port or a route that is not there goes. */
function dropForeignCheck(file: ComposeText, service: string, image: ImageInput): void {
  const check = file.service(service)?.['healthcheck'];
  if (typeof check !== 'object' || check === null || !('test' in check)) return;
  const test = Array.isArray(check.test) ? check.test.join(' ') : String(check.test);
  const [, path = '/'] = /https?:\/\/[^/\s"']+(\/[^\s"'|)]*)?/.exec(test) ?? [];
  const wrongTool = /\b(curl|wget|nc)\b/.test(test);
  const wrongPath = image.healthPath !== undefined && /https?:\/\//.test(test) && path !== image.healthPath;
  if (wrongTool || wrongPath) file.removeKey(service, 'healthcheck');
}
