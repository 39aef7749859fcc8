import { normalName } from '../../packages/python.ts';
import { type Available, availableFor, wheelsDate } from '../../packages/python-wheels.ts';
import type { Call, Failure } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import type { Options } from './options.ts';
import { pythonVersion } from './python-env.ts';

/** A distribution with the clause it is asked for with (`==1.24.3`, empty for any) and nothing that leaves it out. */
export interface Asked {
  readonly name: string;
  readonly clause: string;
}

/** Releases that pip does not find for the Python of the image, or finds only as source where nothing can compile it. */
export function releaseFailures(
  call: Call,
  state: ImageState,
  options: Options,
  asked: readonly Asked[],
): readonly Failure[] {
  const minor = /^3\.(\d+)$/.exec(pythonVersion(state) ?? '')?.[1];
  if (minor === undefined || !state.libc.known || state.libc.value === 'none' || elsewhere(call, options)) return [];
  const libc = state.libc.value;
  const failures = asked.flatMap(({ name, clause }) => {
    const found = availableFor(name, clause, Number(minor), libc);
    const failure = found === undefined ? undefined : failureOf(call, state, { name, clause }, found, `3.${minor}`);
    return failure === undefined ? [] : [failure];
  });
  return ['release-unavailable', 'compiler-missing'].flatMap((kind) => joined(failures.filter((f) => f.kind === kind)));
}

/** Releases that are too old or too new for one Python are one cause: the first is named, the others are reasons. */
function joined(failures: readonly Failure[]): readonly Failure[] {
  const [first, ...others] = failures;
  if (first === undefined || others.length === 0) return failures;
  const reasons = failures.map((f) => f.because[0]).filter((reason) => reason !== undefined);
  const count = others.length === 1 ? 'one more' : `${others.length} more`;
  return [{ ...first, text: `${first.text} (and ${count} like it)`, because: [...reasons, ...first.because.slice(1)] }];
}

/** Another index, a folder of wheels, or packages of the distribution may have it. */
function elsewhere(call: Call, options: Options): boolean {
  if (call.envOpen) return true;
  const told = ['i', 'extra-index-url', 'index', 'f', 'no-index', 'no-deps', 'dry-run', 'python', 'python-version'];
  return (
    told.some((key) => options.has(key)) ||
    [...call.env.keys()].some((key) => /^(PIP|UV)_.*(INDEX|LINKS|CONFIG|PYTHON|CONSTRAINT|OVERRIDE)|^CC$/.test(key))
  );
}

function failureOf(call: Call, state: ImageState, asked: Asked, found: Available, python: string): Failure | undefined {
  if (found.kind === 'wheel') return undefined;
  const { name } = asked;
  const exact = /^==\s*[\d.]+$/.test(asked.clause);
  const what =
    normalName(name) === found.name
      ? `${name}${exact ? ` ${found.version}` : asked.clause ? ` ${asked.clause}` : ''}`
      : `${name} ${asked.clause.replace(/^==\s*/, '')}`;
  const own = normalName(name) === found.name ? '' : ` (its ${found.name})`;
  const language = state.languages.get('python');
  const because = [
    {
      kind: 'package-table' as const,
      ref: `PyPI, ${wheelsDate()}`,
      text:
        found.kind === 'none' && found.why === 'python'
          ? `${found.name} ${found.version} asks for Python ${found.requires}`
          : `${found.name} ${found.version} has no wheel for Python ${python}${state.libc.known && state.libc.value === 'musl' ? ' on Alpine' : ''}`,
    },
    ...(language?.because ?? []),
    call.reason,
  ];
  if (found.kind === 'none')
    return {
      kind: 'release-unavailable',
      at: call.at,
      subject: name,
      text: `${call.name} stops: there is no ${what}${own} for Python ${python}`,
      because,
      says: call.name === 'uv' ? 'No solution found' : 'No matching distribution found',
      detail: { package: name, version: found.version, python },
    };
  const command = ['gcc', 'cc'].find((item) => {
    const presence = state.command(item);
    return presence.known && presence.value === 'absent';
  });
  if (
    command === undefined ||
    state.packages.some((p) => normalName(p.name).replace(/^(python3?|py3)-/, '') === normalName(name))
  )
    return undefined;
  return {
    kind: 'compiler-missing',
    at: call.at,
    subject: name,
    text: `${call.name} stops: ${what}${own} has no wheel for Python ${python}, and ${command} is not there to build it`,
    because,
    says: call.name === 'uv' ? 'Failed to build' : 'subprocess-exited-with-error',
    detail: { package: name, command },
  };
}
