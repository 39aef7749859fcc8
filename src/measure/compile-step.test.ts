import { expect, test } from 'vitest';
import { readBuildLog } from '../engine/build-log.ts';
import { overheadRow } from './build-rows.ts';
import { ownSteps, secondsOf, stepName } from './compile-step.ts';

/** What BuildKit says of steps: `undefined` is cached, else seconds after the build's beginning. */
function report(steps: Record<string, readonly [number, number] | undefined>): ReturnType<typeof readBuildLog> {
  const time = (seconds: number): string => new Date(1_763_737_200_000 + seconds * 1000).toISOString();
  const vertexes = Object.entries({
    '[internal] load build definition from Dockerfile': [0, 0.1] as const,
    ...steps,
  }).map(([name, ran]) => ({
    digest: name,
    name,
    started: time(ran?.[0] ?? 0),
    completed: time(ran?.[1] ?? 0),
    ...(ran === undefined ? { cached: true } : {}),
  }));
  return readBuildLog(JSON.stringify({ vertexes }));
}

const names = (steps: Record<string, readonly [number, number] | undefined>): string[] =>
  ownSteps(report(steps)).map((step) => step.name);

test('a bundler that ran is the project’s own step; cached steps and copies are not', () => {
  expect(
    names({ '[b 2/4] RUN npm ci': undefined, '[b 3/4] COPY . .': [1, 2], '[b 4/4] RUN npm run build': [2, 5] }),
  ).toEqual(['[b 4/4] RUN npm run build']);
});

test('dependencies that are fetched again after a code change are no compile step', () => {
  expect(names({ '[2/3] COPY . .': [1, 2], '[3/3] RUN npm ci && npm run build': [2, 50] })).toEqual([]);
  expect(names({ '[2/3] RUN apt-get install -y gcc': undefined, '[3/3] RUN pip install -r r.txt': [2, 50] })).toEqual(
    [],
  );
});

test('installing the project itself over cached dependencies is its own step', () => {
  expect(
    names({ '[2/4] RUN uv sync --frozen --no-install-project': undefined, '[4/4] RUN uv sync --frozen': [1, 2] }),
  ).toEqual(['[4/4] RUN uv sync --frozen']);
});

test('steps that run side by side are counted once', () => {
  expect(
    secondsOf(
      report({ '[a 1/1] RUN make a': [1, 4], '[b 1/1] RUN make b': [2, 5], '[c 1/1] RUN make c': [7, 8] }).steps.slice(
        1,
      ),
    ),
  ).toBe(5);
});

test('the overhead of a rebuild carries both numbers, and ids of the proof’s cache mounts are not shown', () => {
  const outcome = (
    seconds: number,
    steps: Parameters<typeof report>[0],
  ): Parameters<typeof overheadRow>[0][number] => ({
    argv: ['docker'],
    ended: 'exit',
    exit: 0,
    stdout: '',
    stderr: '',
    seconds,
    report: report(steps),
    materials: [],
  });
  const same = outcome(0.5, {});
  const row = overheadRow([same, same], [outcome(4, { '[b 4/4] RUN npm run build': [1, 4] })], 'web');
  expect(row).toMatchObject({ measure: 'build.codeChange.overhead', value: 2 });
  expect(row.text).toBe('4.00 s, of it 3.00 s in npm run build; nothing changed: 0.50 s');
  expect(
    stepName({
      seconds: 0,
      cached: false,
      internal: false,
      name: 'RUN --mount=type=cache,id=plimsoll-c1-ab-/x,target=/x  y',
    }),
  ).toBe('RUN --mount=type=cache,target=/x y');
});
