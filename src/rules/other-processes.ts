import { unknown } from '../facts/fact.ts';
import { type Ask, know } from '../facts/know.ts';
import type { Service, Stack } from '../model/types.ts';
import type { ProcessSource } from '../source/source.ts';

/** A service whose program is known. */
export interface StartedProcess {
  readonly service: Service;
  readonly source: ProcessSource;
}

/** The services of a stack whose programs are known. */
export function startedProcesses(stack: Stack): readonly StartedProcess[] {
  return stack.services.flatMap((service) =>
    service.application.known ? [{ service, source: service.application.value }] : [],
  );
}

/** Where processes are started besides the stack: other platforms' files, scripts, documents. */
const STARTS = /\.(?:ya?ml|sh|md|rst|toml|json|conf|service|ini)$|(?:^|\/)(?:Procfile|Makefile|justfile)/;

/** Ends the path where a process that is not seen here may do what nobody in the stack does.
 * @param job As in `worker may JOB`.
 * @param words How a command that does it is written in other files. */
export function* nobodyElse(
  { services, repo, model }: Stack,
  job: string,
  words: RegExp,
  except?: Service,
): Generator<Ask, void, unknown> {
  for (const other of services) {
    if (other === except || other.server !== undefined) continue;
    if (!other.application.known) yield* know(unknown(`${other.name} may ${job}: ${other.application.why}`));
    else if (other.application.value.launch.role === 'unknown') yield* know(unknown(`${other.name} may ${job}`));
  }
  const elsewhere = repo
    .files()
    .filter((file) => STARTS.test(file) && !model.loaded.includes(file))
    .find((file) => words.test(repo.text(file) ?? ''));
  if (elsewhere !== undefined) yield* know(unknown(`${elsewhere} may ${job}`));
}
