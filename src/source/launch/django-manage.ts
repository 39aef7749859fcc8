import { type Fact, known, unknown } from '../../facts/fact.ts';
import { ANYWHERE, bindText, type Draft, type LaunchContext } from './context.ts';
import type { EntryPoint, EntryStatus } from './launch.ts';
import { missingScript } from './python-programs.ts';

/** `manage.py COMMAND`: only runserver listens. */
export function manage(
  path: string,
  exists: boolean,
  argv: readonly string[],
  context: LaunchContext,
  base: Pick<EntryPoint, 'written' | 'kind'>,
): Draft {
  const status: Fact<EntryStatus> = exists
    ? known<EntryStatus>({
        found: true,
        at: { file: context.tree.origin(path), line: 1, column: 1, endLine: 1, endColumn: 1 },
      })
    : (missingScript(path, base, context).entry?.status ?? unknown('not found'));
  const entry: EntryPoint = exists ? { ...base, file: path, status } : { ...base, status };
  const command = argv[1] ?? '';
  if (/^(runserver|runserver_plus)$/.test(command)) {
    const address = argv.slice(2).find((word) => !word.startsWith('-')) ?? '127.0.0.1:8000';
    const full = /^\d+$|^\$\{?\w+\}?$/.test(address) ? `127.0.0.1:${address}` : address.replace(/^0:/, '0.0.0.0:');
    return {
      program: 'django',
      language: 'python',
      entry,
      listen: known([bindText(full, context, ANYWHERE, 8000)]),
      mode: known('development'),
      role: 'web',
      notes: [],
    };
  }
  const role = /^(migrate|makemigrations|collectstatic|createsuperuser|compilemessages|loaddata|check)$/.test(command)
    ? command === 'migrate'
      ? 'migration'
      : 'task'
    : 'unknown';
  return {
    program: 'django',
    language: 'python',
    entry,
    listen: role === 'unknown' ? unknown(`what manage.py ${command} does is not known`) : known([]),
    mode: known('production'),
    role,
    notes: role === 'unknown' ? [`what manage.py ${command} does is not known`] : [],
  };
}
