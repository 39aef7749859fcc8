import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleConfig } from './example.ts';
import { configJsonSchema } from './json-schema.ts';
import { readLimits } from './limits.ts';
import { type LoadedConfig, readConfig } from './load.ts';

const problems = (loaded: LoadedConfig): string[] =>
  loaded.ok ? [] : loaded.problems.map((problem) => `${problem.at.file}:${problem.at.line} ${problem.text}`);

test('budgets are read with their units, for all and by service', () => {
  const loaded = readConfig(
    'budgets:\n  image.size.overBase: 60 MB\n  service.stop.time: 2 s\n  service.readOnlyRoot: true\nserviceBudgets:\n  web:\n    image.size.overBase: 3e6\n',
    'plimsoll.yaml',
  );
  expect(problems(loaded)).toEqual([]);
  if (!loaded.ok) return;
  const { budgets } = readLimits(loaded.config);
  expect(budgets.general.get('image.size.overBase')).toEqual({ value: 60e6, text: 'at most 60 MB' });
  expect(budgets.general.get('service.stop.time')?.value).toBe(2);
  expect(budgets.general.get('service.readOnlyRoot')?.value).toBe(true);
  expect(budgets.services.get('web')?.get('image.size.overBase')?.value).toBe(3e6);
});

test('one of several exit codes, and how many times as long, are limits too', () => {
  const loaded = readConfig(
    'budgets:\n  service.stop.code: 0 or 143\n  build.codeChange.overhead: 2\n',
    'plimsoll.yaml',
  );
  expect(problems(loaded)).toEqual([]);
  if (!loaded.ok) return;
  const { budgets } = readLimits(loaded.config);
  expect(budgets.general.get('service.stop.code')).toEqual({ value: [0, 143], text: '0 or 143' });
  expect(budgets.general.get('build.codeChange.overhead')).toEqual({ value: 2, text: 'at most 2 times' });
});

test('an unknown setting, a wrong type and a limit in the wrong unit are told with their line', () => {
  expect(problems(readConfig('failOn: error\nbudget: {}\n', 'plimsoll.yaml'))).toEqual([
    'plimsoll.yaml:2 budget is no setting',
  ]);
  expect(problems(readConfig('prove:\n  runs: many\n', 'plimsoll.yaml'))).toEqual([
    'plimsoll.yaml:2 prove.runs: number is wanted here, not "many"',
  ]);
  expect(problems(readConfig('budgets:\n  build.cold: 5 MB\n', 'plimsoll.yaml'))).toEqual([
    'plimsoll.yaml:2 build.cold: "5 MB" is not in seconds',
  ]);
  expect(problems(readConfig('ignore:\n  - rule: a\n    reason: ""\n', 'plimsoll.yaml'))).toEqual([
    'plimsoll.yaml:3 ignore.0.reason: say why: the next reader wants to know',
  ]);
});

test('broken YAML and JSON are told with their line', () => {
  expect(problems(readConfig('failOn: [\n', 'plimsoll.yaml'))[0]).toMatch(/^plimsoll\.yaml:2 /);
  expect(problems(readConfig('{"failOn": "warning"}', 'plimsoll.json'))).toEqual([]);
});

test('an empty file is an empty config', () => {
  expect(readConfig('', 'plimsoll.yaml')).toMatchObject({ ok: true, config: {} });
});

test('the example that init writes is valid, also with every comment taken away', () => {
  expect(problems(readConfig(exampleConfig(), 'plimsoll.yaml'))).toEqual([]);
  const all = exampleConfig()
    .split('\n')
    .slice(2)
    .map((line) => line.replace(/^# ?(?=[ a-z]+[\w.]*:|\s+-|\s{2,})/, ''))
    .filter((line) => /^\s*(- )?[\w.]+:/.test(line))
    .join('\n');
  expect(problems(readConfig(all, 'plimsoll.yaml'))).toEqual([]);
  expect(Object.keys(parse(all) as object)).toEqual([
    'stack',
    'budgets',
    'serviceBudgets',
    'prove',
    'failOn',
    'ignore',
  ]);
});

test('the JSON Schema says the same as the reader', () => {
  const validate = new Ajv({ strict: false }).compile(configJsonSchema());
  for (const text of [exampleConfig(), 'failOn: warning', 'budgets: {image.wasted: 0}'])
    expect(validate(parse(text))).toBe(true);
  for (const text of ['budget: {}', 'prove: {runs: 0}', 'failOn: fatal']) expect(validate(parse(text))).toBe(false);
});
