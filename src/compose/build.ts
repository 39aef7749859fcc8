import { type Fact, known, unknown } from '../facts/fact.ts';
import type { ComposeEnvironment } from './environment.ts';
import { bytes, composePath, fieldOf, optional, pairsOf, pathField, text, textList, textMap } from './fields.ts';
import { readGrants } from './grants.ts';
import { at, entriesOf, isNull, type Mapping, type Node, type Scalar } from './node.ts';
import type { ComposeBuild, ComposePath, Field } from './settings.ts';

/** A context that BuildKit fetches instead of reading it from the disk. */
export function isRemoteContext(value: string): boolean {
  return value.includes('://') || /^(?:github\.com\/|git@|service:|target:)/.test(value);
}

export function readBuild(
  node: Mapping,
  projectDirectory: string,
  environment: ComposeEnvironment,
): ComposeBuild | undefined {
  const build = at(node, 'build');
  if (build === undefined || build.kind !== 'map') return undefined;
  const contextNode = present(at(build, 'context')) ?? implicit('.', build);
  const context = contextField(contextNode, projectDirectory);
  const inline = optional(build, 'dockerfile_inline', text, 'build.dockerfile_inline');
  const target = optional(build, 'target', text, 'build.target');
  const network = optional(build, 'network', text, 'build.network');
  const shmSize = optional(build, 'shm_size', bytes, 'build.shm_size');
  const dockerfile = present(at(build, 'dockerfile'));
  return {
    at: build.at,
    context,
    ...(inline !== undefined && dockerfile === undefined
      ? {}
      : { dockerfile: dockerfileField(dockerfile ?? implicit('Dockerfile', build), context) }),
    ...(inline === undefined ? {} : { dockerfileInline: inline }),
    ...(target === undefined ? {} : { target }),
    ...(network === undefined ? {} : { network }),
    ...(shmSize === undefined ? {} : { shmSize }),
    args: args(at(build, 'args'), environment),
    additionalContexts: new Map(
      [...entriesOf(at(build, 'additional_contexts'))].map(([name, entry]) => [
        name,
        contextField(entry.value, projectDirectory),
      ]),
    ),
    secrets: readGrants(at(build, 'secrets'), '/run/secrets/'),
    ssh: [...entriesOf(at(build, 'ssh')).keys()],
    cacheFrom: textList(at(build, 'cache_from'), 'build.cache_from'),
    cacheTo: textList(at(build, 'cache_to'), 'build.cache_to'),
    tags: textList(at(build, 'tags'), 'build.tags'),
    platforms: textList(at(build, 'platforms'), 'build.platforms'),
    labels: textMap(at(build, 'labels'), 'build.labels'),
    node: build,
  };
}

function present(node: Node | undefined): Node | undefined {
  return node === undefined || isNull(node) ? undefined : node;
}

function implicit(value: string, like: Mapping): Scalar {
  const because = [{ kind: 'default', at: like.at, text: `${value} is the default` } as const];
  return { kind: 'scalar', value, at: like.at, because, ...(like.base === undefined ? {} : { base: like.base }) };
}

function contextField(node: Node, projectDirectory: string): Field<ComposePath> {
  const field = pathField(node, 'build.context', projectDirectory);
  if (!field.fact.known) return field;
  const { written, path } = field.fact.value;
  if (isRemoteContext(written))
    return {
      ...field,
      fact: unknown(`the context ${written} is not a folder of the repository`, ...field.fact.because),
    };
  if (path === undefined)
    return { ...field, fact: unknown(`the context ${written} lies outside the repository`, ...field.fact.because) };
  return field;
}

/** The Dockerfile's path is relative to the context. */
function dockerfileField(node: Node, context: Field<ComposePath>): Field<ComposePath> {
  const field = fieldOf(node, 'build.dockerfile', text);
  if (!field.fact.known) return { ...field, fact: field.fact };
  if (!context.fact.known) return { ...field, fact: context.fact };
  const path = composePath(field.fact.value, context.fact.value.path ?? '');
  const fact =
    path.path === undefined
      ? unknown(`the Dockerfile ${path.written} lies outside the repository`, ...field.fact.because)
      : known(path, ...field.fact.because);
  return { ...field, fact };
}

function args(node: Node | undefined, environment: ComposeEnvironment): ReadonlyMap<string, Field<string>> {
  const out = new Map<string, Field<string>>();
  for (const pair of pairsOf(node)) {
    if (pair.value !== undefined) out.set(pair.name, fieldOf(pair.value, `build.args ${pair.name}`, text));
    else out.set(pair.name, { fact: passedOn(pair.name, environment), at: pair.at, replaced: [] });
  }
  return out;
}

/** An argument without a value is taken from the environment; without one there it is not passed at all. */
function passedOn(name: string, environment: ComposeEnvironment): Fact<string> {
  const source = environment.values.get(name);
  return source === undefined
    ? unknown(`the build argument ${name} is taken from the environment`)
    : known(source.value, source.reason);
}
