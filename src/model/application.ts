import type { ComposeService } from '../compose/model.ts';
import { chainFact, type Fact, known, mapFact, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { ImageState } from '../simulate/state.ts';
import { Parses } from '../source/program/parses.ts';
import { type ProcessSource, SourceReader } from '../source/source.ts';
import { joinPath, type SourceTree } from '../source/source-tree.ts';
import { withBuildSources } from './built-source.ts';
import { containerTree } from './image-source.ts';
import { type HandedOver, handedOver } from './start-script.ts';
import type { BuildTarget, Service } from './types.ts';

/** Services of one repository run the same files: each is parsed once. */
const PARSES = new WeakMap<Repo, Parses>();

function parsesOf(repo: Repo): Parses {
  const parses = PARSES.get(repo) ?? new Parses();
  PARSES.set(repo, parses);
  return parses;
}

/** What a service's start script hands over to; known undefined: it starts none that can be read. */
export function scriptEnd(service: Service): Fact<HandedOver | undefined> {
  const { image, process, env, compose, stack } = service;
  return chainFact(image, (state) =>
    chainFact(process, ({ argv }) =>
      chainFact(compose.workingDir?.fact ?? state.workdir, (cwd): Fact<HandedOver | undefined> => {
        const values = new Map([...env].map(([name, { value }]) => [name, value] as const));
        const files = containerTree(state, compose, stack.repo);
        return handedOver({ argv, cwd, env: values, files, open: 'somebody may set it' }) ?? known(undefined);
      }),
    ),
  );
}

/** The code that the process runs, read in the file system of the container. `gap`: why the stack may set more variables;
 * `open`: why anybody may. */
export function applicationOf(
  image: Fact<ImageState>,
  compose: ComposeService,
  repo: Repo,
  process: Service['process'],
  env: Service['env'],
  gap: string | undefined,
  open: string | undefined,
  target: BuildTarget | undefined,
): Fact<ProcessSource> {
  return chainFact(image, (state) =>
    chainFact(process, (running) => {
      const workdir = compose.workingDir?.fact ?? state.workdir;
      return mapFact(workdir, (cwd) => {
        const values = new Map<string, Fact<string>>([...env].map(([name, value]) => [name, value.value]));
        if (gap !== undefined && !values.has('PORT')) values.set('PORT', unknown(gap));
        const installed = new Set(
          state.packages.filter((p) => p.manager === 'pip').map((p) => p.name.toLowerCase().replaceAll('-', '_')),
        );
        const tree = containerTree(state, compose, repo);
        const started = { cwd, env: values };
        const start = { ...started, files: tree, open };
        const handed = handedOver({ ...start, argv: running.argv });
        const last = handed?.known ? handed : handedOver({ ...start, argv: running.command });
        const { argv, env: given, cwd: folder } = last?.known ? last.value : { ...started, argv: running.command };
        const options = { env: given, installed };
        const read = (files: SourceTree): ProcessSource =>
          new SourceReader(files, parsesOf(repo)).process(argv, folder, options);
        const found = read(tree);
        const sources = target === undefined ? undefined : sourcesBehind(found, tree, target);
        const built = sources === undefined ? undefined : read(sources);
        return built?.launch.entry?.file === undefined ? found : built;
      });
    }),
  );
}

/** Where a built file is all that the image has, the stage that built it still has what it was made from. */
function sourcesBehind(found: ProcessSource, tree: SourceTree, target: BuildTarget): SourceTree | undefined {
  const { entry, language } = found.launch;
  if (language !== 'node' || entry === undefined || entry.file !== undefined || entry.status.known) return undefined;
  const file = joinPath(found.context.cwd, entry.written);
  return withBuildSources(tree, target.trace, target.dockerfile, file);
}
