import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { RepositoryNode } from '../../../model/types.ts';
import { documentedCommands } from '../../documented-commands.ts';
import { claim, rule } from '../../rule.ts';
import { literally } from '../../speaks-of.ts';

/** Verbs whose words are services; of `exec` and `run` only the first is. */
const VERBS = new Set([
  'exec',
  'run',
  'logs',
  'restart',
  'up',
  'stop',
  'start',
  'build',
  'pull',
  'ps',
  'kill',
  'rm',
  'port',
  'top',
]);
/** What documents write in the place of a name. */
const PLACE = /^(?:services?|service[-_]?name|name|container|my[-_]\w+|your[-_]\w+|some[-_]\w+|foo|bar)$/i;

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'people are told to use a service that no compose file has',
  why: 'Whoever follows the document or calls the target of the Makefile gets "no such service": migrations, backups or users are not made.',
  remedy: 'Write the name of the service as the compose file has it.',
  proof: 'none',
  *check(node) {
    const { repo, stacks } = node;
    const services = new Set(stacks.flatMap((stack) => [...stack.model.services.keys()]));
    if (services.size === 0 || stacks.some((stack) => stack.model.gaps.length > 0)) return;
    const seen = new Set<string>();
    yield* each(documentedCommands(repo), function* ({ at, files, verb, words, text }) {
      if (!VERBS.has(verb) || elsewhere(node, files)) return;
      const asked = verb === 'exec' || verb === 'run' ? words.slice(0, 1) : words;
      const name = asked.find((word) => /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/.test(word) && !services.has(word));
      if (name === undefined || PLACE.test(name) || !asked.every((word) => /^[\w.-]+$/.test(word)) || seen.has(name))
        return;
      seen.add(name);
      const off = commentedOut(node, name);
      if (off !== undefined) yield* know(unknown(`${off} has ${name} in a comment: it may be meant to be taken in`));
      if (
        /\.(?:md|rst)$/i.test(at.file) &&
        new RegExp(`^\\s*\\+?\\s*${literally(name)}:\\s*$`, 'm').test(repo.text(at.file) ?? '')
      )
        yield* know(unknown(`${at.file} shows a service ${name} to be written into the compose file`));
      const shown = [...services].slice(0, 8).join(', ');
      yield claim({
        at,
        title: `no compose file has a service ${name}`,
        subject: name,
        because: [
          { kind: 'source', at, text: `people are told to call: ${text.slice(0, 80)}` },
          ...stacks.slice(0, 1).map((stack) => ({
            kind: 'compose' as const,
            at: stack.services[0]?.at ?? at,
            text: `the services are ${shown}`,
          })),
        ],
      });
    });
  },
});

/** It speaks of files that the repository does not have. */
function elsewhere({ repo }: RepositoryNode, files: readonly string[]): boolean {
  return files.some((file) => repo.entry(file.replace(/^\.\//, '')) === undefined);
}

/** A compose file in which the service is commented out. */
function commentedOut({ repo, stacks }: RepositoryNode, name: string): string | undefined {
  const line = new RegExp(`^\\s*#\\s*${literally(name)}:`, 'm');
  return stacks.flatMap((stack) => stack.model.loaded).find((file) => line.test(repo.text(file) ?? ''));
}
