import { type Ask, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

/** Words of a shell that are no files. */
const BUILT_IN = new Set([
  'exec',
  'cd',
  'export',
  'set',
  'test',
  '[',
  'echo',
  'printf',
  'true',
  'false',
  ':',
  '.',
  'source',
  'eval',
  'ulimit',
  'umask',
  'trap',
  'wait',
  'if',
  'while',
  'for',
  'until',
  'case',
]);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the command or entrypoint is not in the image',
  why: 'The engine cannot start the container: "executable file not found in $PATH", or "no such file or directory" for a path.',
  remedy: 'Install it in the final stage, copy it there, or correct the name.',
  proof: 'engine',
  *check(service) {
    // Servers are run by their own entrypoints with arguments that are no commands.
    if (service.target === undefined) return;
    const process = yield* know(service.process);
    const [first = ''] = process.argv;
    if (first === '' || BUILT_IN.has(first) || first.includes('$')) return;
    const image = yield* know(service.image);
    // What the base starts with is part of the base; a WebAssembly runtime runs files that Linux would not.
    const entrypoint =
      service.compose.entrypoint === undefined && image.entrypoint.known ? image.entrypoint.value : null;
    if (entrypoint !== null && entrypoint.at === undefined) return;
    if (service.compose.runtime !== undefined || /wasi|wasm/.test(first)) return;
    const path = yield* absolute(service, first);
    // A mount may bring the file, whether the word is absolute or starts at the working directory.
    const mounted = service.compose.volumes.some((v) => !v.target.fact.known || isBelow(path, v.target.fact.value));
    if (mounted && path.startsWith('/')) return;
    const presence = yield* know(image.command(path));
    if (presence !== 'absent') return;
    // A file that is there but may not be executed is another finding.
    if (first.includes('/')) {
      const found = yield* know(image.tree.lookup(path));
      if (found.presence !== 'absent') return;
    }
    yield claim({
      breaks: service.nodes.starts,
      at: process.at,
      title: `${service.name} runs ${first}, which the image does not have`,
      subject: first,
      because: [{ kind: 'line', at: process.at, text: `the container starts with ${first}` }],
    });
  },
});

/** A word with a slash is a path below the working directory; a name is looked up on PATH. */
function* absolute(service: Service, word: string): Generator<Ask, string, unknown> {
  if (!word.includes('/') || word.startsWith('/')) return word;
  const image = yield* know(service.image);
  const folder = yield* know(service.compose.workingDir?.fact ?? image.workdir);
  return `${folder.replace(/\/+$/, '')}/${word.replace(/^(\.\/)+/, '')}`;
}

function isBelow(path: string, folder: string): boolean {
  const plain = folder.replace(/\/+$/, '');
  return path === plain || path.startsWith(`${plain}/`);
}
