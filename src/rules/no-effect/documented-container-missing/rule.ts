import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Stack } from '../../../model/types.ts';
import { documentedContainers } from '../../documented-containers.ts';
import { claim, rule } from '../../rule.ts';
import { literally, speaksOf } from '../../speaks-of.ts';

/** Containers that other tools make. */
const FOREIGN = /^(?:kind|k3d|k3s|minikube|buildx|localstack|supabase|devcontainer|portainer)|control-plane/i;
/** What documents write in the place of a name, and beginnings of ids. */
const PLACE =
  /^(?:containers?|container[-_]?(?:id|name)|name|id|<.*|my[-_]?\w*|your[-_]?\w*|some[-_]\w+|foo|bar|cat|ls|sh|bash|env|ps|psql|[0-9a-f]{6,64}|\w*_?CONTAINER\w*)$/i;

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'people are told to use a container that no compose file makes',
  why: 'Whoever follows the document or calls the script gets "No such container": backups, migrations or users are not made. Without `container_name` Compose calls a container PROJECT-SERVICE-1.',
  remedy: 'Write the name as the compose file has it, or `docker compose exec SERVICE`.',
  proof: 'none',
  *check({ repo, stacks }) {
    if (stacks.length === 0 || stacks.some((s) => s.files.length > 0 && s.model.gaps.length > 0)) return;
    const { asked, made } = documentedContainers(repo);
    if (asked.length === 0) return;
    const names = new Set(stacks.flatMap(containerNames));
    const open = stacks.some((s) => s.services.some((x) => x.compose.containerName?.fact.known === false));
    const seen = new Set<string>();
    yield* each(asked, function* ({ at, name, text }) {
      if (PLACE.test(name) || FOREIGN.test(name) || names.has(name) || made.has(name) || seen.has(name)) return;
      if (stacks.some((stack) => named(stack, name))) return;
      seen.add(name);
      const off = stacks.flatMap((s) => s.model.loaded).find((file) => commented(repo.text(file) ?? '', name));
      if (off !== undefined) yield* know(unknown(`${off} has ${name} in a comment`));
      const image = speaksOf(repo, new RegExp(`docker build[^\\n]*(?:-t|--tag)[ =]${literally(name)}[:\\s]`));
      if (image !== undefined)
        yield* know(unknown(`${image} builds an image ${name}, of which people make the container`));
      if (open) yield* know(unknown('the name of a container is not known'));
      const [stack] = stacks;
      yield claim({
        at,
        title: `no compose file makes a container ${name}`,
        subject: name,
        because: [
          { kind: 'source', at, text: `people are told to call: ${text.slice(0, 80)}` },
          {
            kind: 'compose',
            at: stack?.services[0]?.at ?? at,
            text: `the containers are ${[...names].slice(0, 8).join(', ') || 'named by Compose'}`,
          },
        ],
      });
    });
  },
});

/** Names that the files give; services without one can be meant by none but PROJECT-SERVICE-1. */
function containerNames({ model }: Stack): readonly string[] {
  return [...model.services.values()].flatMap((s) =>
    s.containerName?.fact.known === true ? [s.containerName.fact.value] : [],
  );
}

/** PROJECT-SERVICE-1, with whatever the folder is called: of services that have no name of their own. */
function named({ model }: Stack, name: string): boolean {
  const free = [...model.services].flatMap(([key, s]) => (s.containerName === undefined ? [key] : []));
  return free.some((key) => new RegExp(`[-_]${key.replace(/[.\\]/g, '\\$&')}(?:[-_]\\d+)?$`).test(name));
}

function commented(text: string, name: string): boolean {
  return text.split('\n').some((line) => /^\s*#/.test(line) && line.includes(name));
}
