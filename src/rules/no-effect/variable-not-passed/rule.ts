import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import type { Service } from '../../../model/types.ts';
import type { EnvRead } from '../../../source/env-read.ts';
import { type EnvTemplate, envTemplate } from '../../env-template.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'warning',
  summary: 'variables that people set in `.env` do not reach the service that reads them',
  why: 'Compose uses `.env` to fill in its own files; a container gets only what `environment` and `env_file` name. What else is written there changes nothing: the default of the code is in force.',
  remedy: 'Name them under `environment:` (`NAME: ${NAME}`), or give the service the file with `env_file: .env`.',
  proof: 'none',
  *check(stack) {
    const template = envTemplate(stack);
    if (stack.files.length === 0 || template === undefined) return;
    yield* each(stack.services, function* (service) {
      if (service.target === undefined || service.compose.envFiles.length > 0) return;
      const application = yield* know(service.application);
      const lost = application.environment.reads.filter((read) => isLost(read, service, template));
      const [first] = lost;
      if (first === undefined) return;
      const gap = environmentGap(service.image, service.compose);
      if (gap !== undefined) yield* know(unknown(gap));
      const inside = application.environment.files.length > 0 ? ownFile(service, template) : undefined;
      if (inside !== undefined) yield* know(unknown(inside));
      yield* know(service.startScripts);
      const names = [...new Set(lost.map((read) => read.name))];
      const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
      yield claim({
        at: service.at,
        title: `${shown} of ${template.path} ${names.length === 1 ? 'does' : 'do'} not reach ${service.name}, whose code reads ${names.length === 1 ? 'it' : 'them'}`,
        subject: `${service.name} ${names.join(' ')}`,
        because: lost.slice(0, 4).flatMap((read) => [
          { kind: 'source' as const, at: read.at, text: `the code reads ${read.name}` },
          {
            kind: 'compose' as const,
            at: template.entries.get(read.name)?.at ?? service.at,
            text: `${template.path} sets ${read.name}; compose does not pass it to ${service.name}`,
          },
        ]),
      });
    });
  },
});

/** Read at run time, set in the template to something else than the code's default, and given to the service by nobody. */
function isLost(read: EnvRead, service: Service, template: EnvTemplate): boolean {
  if (read.reached !== true || read.when === 'build' || read.name === 'NODE_ENV') return false;
  if ([...service.env.keys()].some((name) => name.toLowerCase() === read.name.toLowerCase())) return false;
  const value = template.entries.get(read.name)?.value ?? '';
  if (value === '' || (read.fallback.known && read.fallback.value === value)) return false;
  // Without it the process ends: another finding.
  return !(read.when === 'import' && read.required.known && read.required.value);
}

/** Why the code may find a file of variables of its own in the container. */
function ownFile({ compose, target, stack }: Service, template: EnvTemplate): string | undefined {
  const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
  const folders = target === undefined || target.context.kind === 'remote' ? [] : [target.contextDir];
  for (const { source } of compose.volumes) {
    const path = source?.fact.known === true ? source.fact.value.path : undefined;
    if (path === undefined) continue;
    if (/(?:^|\/)[^/]*env[^/]*$/.test(path)) return `${path} is mounted: the code may load it`;
    if (stack.repo.entry(path)?.type === 'directory') folders.push(path);
  }
  for (const folder of folders) {
    if (folder === folderOf(template.path)) return 'the .env of the checkout may lie in the container';
    const own = stack.repo.children(folder).find((entry) => /(?:^|\/)\.?env(?:\.[\w.-]+)?$/i.test(entry.path));
    if (own !== undefined) return `${own.path} lies in a folder that the container has`;
  }
  return undefined;
}
