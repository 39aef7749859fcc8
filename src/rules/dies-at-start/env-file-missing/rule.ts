import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';
import { literally, speaksOf } from '../../speaks-of.ts';

export default rule({
  on: 'stack',
  severity: 'warning',
  summary: 'an env file that Compose requires is not there, and nothing says how it is made',
  why: 'Compose reads the files of `env_file` before it starts anything. Without one of them `docker compose up` ends with "env file … not found", in every fresh checkout.',
  remedy: 'Add a template (`.env.example`) and say that it is copied, or write `required: false` with the path.',
  proof: 'engine',
  *check(stack) {
    const { repo } = stack;
    const uses = stack.services.flatMap((service) => service.compose.envFiles.map((use) => ({ service, use })));
    const seen = new Set<string>();
    yield* each(uses, function* ({ service, use }) {
      const path = use.path.fact.known ? use.path.fact.value.path : undefined;
      if (!use.required || path === undefined || repo.entry(path) !== undefined || seen.has(path)) return;
      seen.add(path);
      if (use.example !== undefined) return;
      if (nameOf(path) === 'stack.env') yield* know(unknown('Portainer makes stack.env'));
      const told = speaksOf(repo, new RegExp(`(?<![\\w-])${literally(nameOf(path))}(?![\\w-])`), stack.model.loaded);
      if (told !== undefined) yield* know(unknown(`${told} speaks of ${nameOf(path)}: it may say how it is made`));
      // Platforms write the variables that people type in into a file of this name before they start the stack.
      const platform =
        nameOf(path) === '.env' ? speaksOf(repo, /\b(dokploy|coolify|portainer|caprover|easypanel)\b/i) : undefined;
      if (platform !== undefined) yield* know(unknown(`${platform} speaks of a platform that writes .env`));
      const template = templateElsewhere(repo);
      if (template !== undefined) yield* know(unknown(`${template} may be meant for ${path}`));
      const ignored = repo.gitIgnored(path) === true;
      yield claim({
        breaks: service.nodes.starts,
        at: use.at,
        title: `${path} is not ${ignored ? 'in the repository' : 'there'}: \`docker compose up\` stops before it starts ${service.name}`,
        subject: path,
        because: [
          { kind: 'compose', at: use.at, text: `${service.name} reads its variables from ${path}` },
          {
            kind: 'derived',
            at: use.at,
            text: `${ignored ? 'git ignores it, and ' : ''}no template and no document says how it is made`,
          },
        ],
      });
    });
  },
});

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A template of an env file somewhere else. */
function templateElsewhere(repo: Repo): string | undefined {
  return repo
    .files()
    .find((file) =>
      /(?:^|\/)[^/]*env[^/]*(?:example|sample|template|dist|tmpl)[^/]*$|(?:^|\/)(?:example|sample|template)[^/]*\.env$/i.test(
        file,
      ),
    );
}
