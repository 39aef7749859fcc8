import { type Change, change } from '../change.ts';
import { type Call, type CommandModel, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { configNames, configOf, literalOf } from './node-build-config.ts';
import { inputFailure } from './node-build-inputs.ts';
import { BUILDERS } from './node-build-outputs.ts';
import { knownTexts } from './options.ts';
import { entryAt, kindAt, ownerOf, parentOf } from './paths.ts';

type Builder = NonNullable<ReturnType<typeof BUILDERS.get>>;

/** A front-end or TypeScript build: where its output lands. */
export const nodeBuild: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  const builder = BUILDERS.get(call.name);
  if (!words || !builder || !call.cwd.known) return undefined;
  const verb = words.find((item) => !item.startsWith('-')) ?? '';
  if (words.some((item) => /^(--version|-v|--help|-h)$/.test(item))) return succeeded(state);
  if (builder.verbs && !builder.verbs.test(verb)) return softBuild(call, state, verb);
  const at = call.cwd.value;
  const line = builder.verbs ? words.slice(words.indexOf(verb) + 1) : words;
  const outcome = call.name === 'next' ? next(call, state, at) : build(call, state, at, line, builder, verb);
  const missing = inputFailure(call, state, at, line);
  return missing === undefined
    ? outcome
    : failed(state, [missing], { repaired: outcome.state, effects: outcome.effects });
};

function build(
  call: Call,
  state: ImageState,
  at: string,
  line: readonly string[],
  builder: Builder,
  verb: string,
): Outcome {
  const outputs = builder.outputs(state, at, line, call);
  const result = change(state, call.reason);
  if (outputs === undefined) return somewhere(call, result, at);
  for (const output of outputs) result.fill(joinPath(at, output), `${call.name} builds into it`, ownerOf(call));
  if (call.name === 'vite') {
    // The manifest of the output: an index.html is there when the project has one.
    const [out] = outputs;
    if (out !== undefined && kindAt(state, joinPath(at, 'index.html')) === 'file')
      result.write(joinPath(joinPath(at, out), 'index.html'), ownerOf(call));
  }
  return succeeded(
    result.state,
    outputs.map((output) => `creates ${joinPath(at, output)} (assumed: ${call.name} ${verb})`.replace(' )', ')')),
  );
}

/** The output lands where a config says that is not read: in the project, or beside it (`../static`). */
function somewhere(call: Call, result: Change, at: string): Outcome {
  const why = `${call.name} writes its output, where is not known`;
  result.fill(at, why, ownerOf(call));
  const above = parentOf(at);
  // Beside a project in `/app` other folders of the root may appear; what is in those that are there stays.
  if (above === '/') result.open('/', why);
  else result.fill(above, why, ownerOf(call));
  return succeeded(result.state, [`builds: where the output lands is not known`]);
}

function softBuild(call: Call, state: ImageState, verb: string): Outcome | undefined {
  return /^(lint|telemetry|info|check|sync|prepare|typecheck|test)$/.test(verb) && call.cwd.known
    ? succeeded(change(state, call.reason).fill(call.cwd.value, `${call.name} ${verb} may write files`).state)
    : undefined;
}

/** next build: `.next`, `standalone` in it and `out` only when next.config asks for them. */
function next(call: Call, state: ImageState, at: string): Outcome {
  const text = configOf(state, at, configNames('next.config'));
  const result = change(state, call.reason);
  const own = ownerOf(call);
  const folder = text === undefined || text === 'absent' ? 'none' : literalOf(text, 'distDir');
  if (text === undefined || folder === undefined) return somewhere(call, result, at);
  const dist = joinPath(at, folder === 'none' ? '.next' : folder);
  result.fill(dist, 'next build builds into it', own);
  const output = text === 'absent' ? 'none' : literalOf(text, 'output');
  if (output === 'standalone') {
    result.fill(`${dist}/standalone`, 'next build puts the traced application in it', own);
    result.write(`${dist}/standalone/server.js`, own);
    const manifest = entryAt(state, joinPath(at, 'package.json'));
    const content = manifest?.content;
    if (content && !/outputFileTracingRoot/.test(text))
      result.write(`${dist}/standalone/package.json`, {
        ...own,
        replace: true,
        content,
        ...(manifest.entry?.source === undefined ? {} : { source: manifest.entry.source }),
      });
    result.fill(`${dist}/static`, 'next build builds into it', own);
  } else if (
    output === 'none' &&
    !/\bwith[A-Z]\w*\(|require\(|\.\.\.|import\s+(?!type)/.test(text.replace(/import type[^\n]*/g, ''))
  )
    result.remove(`${dist}/standalone`);
  if (output === 'export' || output === undefined) result.fill(joinPath(at, 'out'), 'next build exports into it', own);
  result.write(joinPath(at, 'next-env.d.ts'), own);
  return succeeded(result.state, [`creates ${dist} (assumed: next build)`]);
}
