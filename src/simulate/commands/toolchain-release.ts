import type { Reason } from '../../facts/fact.ts';
import { type Call, type CommandModel, type Failure, failed } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { cargoMismatch } from './cargo-release.ts';
import { dotnetMismatch } from './dotnet-release.ts';
import { gradleMismatch, mavenMismatch } from './java-release.ts';
import { nodeMismatch } from './node-release.ts';
import { because, textAt } from './paths.ts';
import { composerMismatch } from './php-release.ts';
import { pythonMismatch } from './python-release.ts';

/** What a project asks of its toolchain, and the image does not have. */
export interface Mismatch {
  /** `go 1.23 of /src/go.mod`. */
  readonly asked: string;
  /** `Go 1.22`. */
  readonly there: string;
  /** Path of the file that asks. */
  readonly file: string;
  readonly says: string;
  readonly reasons: readonly Reason[];
}

const CHECKS: Readonly<
  Record<string, (call: Call, words: readonly string[], state: ImageState) => Mismatch | undefined>
> = {
  go: goMismatch,
  cargo: cargoMismatch,
  dotnet: dotnetMismatch,
  composer: composerMismatch,
  pip: pythonMismatch,
  pip3: pythonMismatch,
  poetry: pythonMismatch,
  mvn: mavenMismatch,
  mvnw: mavenMismatch,
  gradle: gradleMismatch,
  gradlew: gradleMismatch,
  npm: nodeMismatch,
  yarn: nodeMismatch,
  vite: nodeMismatch,
  next: nodeMismatch,
  ng: nodeMismatch,
  'react-scripts': nodeMismatch,
  'vue-cli-service': nodeMismatch,
};

/** The model of a build tool that stops where the project asks for a toolchain that the image does not have. */
export function withRelease(model: CommandModel): CommandModel {
  return (call, state, world) => {
    const outcome = model(call, state, world);
    const words = call.argv.slice(1).map((arg) => (arg.value.known ? arg.value.value : arg.text));
    const found = outcome === undefined || !call.cwd.known ? undefined : CHECKS[call.name]?.(call, words, state);
    if (outcome === undefined || found === undefined || outcome.exit.status === 'fails') return outcome;
    const failure: Failure = {
      kind: 'toolchain-mismatch',
      at: call.at,
      subject: found.file,
      text: `${call.name} stops: ${found.file} asks for ${found.asked}, and the image has ${found.there}`,
      because: [...because(state, found.file), ...found.reasons, call.reason],
      says: found.says,
      detail: { asked: found.asked, there: found.there },
    };
    return failed(state, [failure], { repaired: outcome.state, effects: outcome.effects });
  };
}

/** Go compares the go line of go.mod since 1.21, and fetches another toolchain unless told to use its own, as the official images are.
 * Before that it refuses lines it cannot read. */
function goMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = state.languages.get('go');
  const remote = words.some((item) => item.includes('@'));
  if (!there?.known || !/^(mod|build|install|test|vet|run|generate|list|tool)$/.test(words[0] ?? '') || remote)
    return undefined;
  if (words[0] === 'mod' && /^(init|edit)$/.test(words[1] ?? '')) return undefined;
  const [, minor = ''] = /^1\.(\d+)$/.exec(there.value) ?? [];
  const file = joinPath(call.cwd.known ? call.cwd.value : '/', 'go.mod');
  const text = textAt(state, file) ?? '';
  const [, line, asked, patch] = /^go[ \t]+(1\.(\d+)(\.\d+)?)\s*(?:\/\/.*)?$/m.exec(text) ?? [];
  if (minor === '' || line === undefined || words.includes('-C') || call.env.has('GOFLAGS')) return undefined;
  const result = { asked: `Go ${line}`, there: `Go ${there.value}`, file, reasons: there.because };
  if (Number(minor) >= 21) {
    const own = call.env.get('GOTOOLCHAIN');
    if (!own?.known || own.value !== 'local' || Number(asked) <= Number(minor)) return undefined;
    return { ...result, says: `go.mod requires go >= ${line}` };
  }
  if (Number(asked) <= Number(minor)) return undefined;
  const strange =
    patch !== undefined ? 'invalid go version' : /^toolchain\s/m.test(text) ? 'unknown directive' : undefined;
  return strange === undefined ? undefined : { ...result, says: strange };
}
