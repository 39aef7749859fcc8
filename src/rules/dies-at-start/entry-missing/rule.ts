import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { ProcessSource } from '../../../source/source.ts';
import { mayBeElsewhere } from '../../module-elsewhere.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the command names a module, attribute, script or file that is not in the image',
  why: 'The process ends as soon as it starts: the module cannot be imported, the file cannot be opened, the script is not defined.',
  remedy: 'Name what is there, or copy what is missing.',
  proof: 'engine',
  *check(service) {
    const process = yield* know(service.process);
    const application = yield* know(service.application);
    const { entry } = application.launch;
    if (entry === undefined) return;
    const status = yield* know(entry.status);
    if (status.found) return;
    const module = status.missing === 'module' ? (/^[\w]+/.exec(entry.written)?.[0] ?? '') : undefined;
    if (module !== undefined && compiled(application, entry.written)) return;
    const elsewhere =
      status.missing === 'module' || status.missing === 'file' ? mayBeElsewhere(service, module) : undefined;
    if (elsewhere !== undefined) yield* know(unknown(elsewhere));
    const near = status.near.length > 0 ? `; there is ${status.near.slice(0, 3).join(', ')}` : '';
    yield claim({
      breaks: service.nodes.starts,
      at: process.at,
      title: `${service.name} runs ${entry.written}, but ${status.text}`,
      subject: entry.written,
      because: [{ kind: 'line', at: process.at, text: `the command starts ${entry.written}${near}` }],
    });
  },
});

/** Whether the module is there in a compiled form (`wsgi.cpython-312-x86_64-linux-gnu.so`, `wsgi.pyc`). */
function compiled({ context }: ProcessSource, written: string): boolean {
  const parts = (written.split(':')[0] ?? '').split('.');
  const folder = [context.cwd, ...parts.slice(0, -1)].join('/');
  const last = parts.at(-1) ?? '';
  return context.tree.names(folder).some((name) => name.startsWith(`${last}.`) && /\.(so|pyd|pyc)$/.test(name));
}
