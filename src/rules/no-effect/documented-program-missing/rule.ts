import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { isWithin } from '../../container-path.ts';
import { documentedCommands } from '../../documented-commands.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'people are told to run a program or script in a container that does not have it',
  why: 'Whoever follows the document gets "executable file not found" or "can\'t open file": the migration, the seed or the backup that it should do does not happen.',
  remedy: 'Copy the file into the image, install the program, or correct the command.',
  proof: 'none',
  *check({ repo, stacks }) {
    const seen = new Set<string>();
    yield* each(documentedCommands(repo), function* ({ at, verb, words, text }) {
      const [name, ...command] = words;
      if (
        (verb !== 'exec' && verb !== 'run') ||
        name === undefined ||
        command.length === 0 ||
        seen.has(words.join(' '))
      )
        return;
      const found = stacks.flatMap((stack) => stack.services.filter((service) => service.name === name));
      const [service] = found;
      if (service === undefined) return;
      seen.add(words.join(' '));
      if (found.some((other) => other.target !== service.target))
        yield* know(unknown(`${name} is built differently in several stacks`));
      const missing = yield* missingIn(service, command);
      if (missing === undefined) return;
      yield claim({
        at,
        title: `${name} has no ${missing}: the documented command fails`,
        subject: `${name} ${command.slice(0, 3).join(' ')}`,
        stacks: [service.stack.id],
        because: [
          { kind: 'source', at, text: `people are told to call: ${text.slice(0, 80)}` },
          { kind: 'compose', at: service.at, text: `${name} runs an image without it` },
        ],
      });
    });
  },
});

/** The program or the file of a command that the container certainly does not have. */
function* missingIn(service: Service, command: readonly string[]): Generator<Ask, string | undefined, unknown> {
  const [program = '', first = ''] = command;
  if (!/^[\w.+-]+$/.test(program) || command.some((word) => /[$'"{<[]/.test(word))) return undefined;
  const image = yield* know(service.image);
  const presence = yield* know(image.command(program));
  if (presence === 'absent') return program;
  const file =
    /^python3?$|^node$|^(?:ba)?sh$/.test(program) && /^[\w./-]+\.(?:py|js|mjs|cjs|sh)$/.test(first)
      ? first
      : program === 'alembic' && !command.includes('-c')
        ? 'alembic.ini'
        : undefined;
  if (file === undefined) return undefined;
  const cwd =
    service.compose.workingDir === undefined
      ? yield* know(image.workdir)
      : yield* know(service.compose.workingDir.fact);
  const path = file.startsWith('/') ? file : `${cwd.replace(/\/$/, '')}/${file.replace(/^\.\//, '')}`;
  for (const mount of service.compose.volumes) {
    const target = yield* know(mount.target.fact);
    if (isWithin(path, target)) return undefined;
  }
  const found = yield* know(image.tree.lookup(path));
  return found.presence === 'absent' ? path : undefined;
}
