import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { textAt } from './paths.ts';
import { pythonVersion } from './python-env.ts';
import type { Mismatch } from './toolchain-release.ts';

/** pip refuses a project that is for another Python; Poetry looks for another Python and finds none in an image. */
export function pythonMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const version = pythonVersion(state);
  const minor = /^3\.(\d+)$/.exec(version ?? '')?.[1];
  const at = call.cwd.known ? call.cwd.value : '/';
  const poetry = call.name === 'poetry';
  const verb = words.find((item) => !item.startsWith('-'));
  if (
    minor === undefined ||
    verb !== 'install' ||
    words.some((item) => /^--(ignore-requires-python|dry-run)/.test(item))
  )
    return undefined;
  // Another Python may be there, or be chosen.
  if (state.packages.some(({ manager, name }) => manager !== 'pip' && /^python3\.\d+/.test(name))) return undefined;
  if (!poetry && !words.some((item) => /^\.(\[[\w,-]+\])?$/.test(item))) return undefined;
  const file = joinPath(at, 'pyproject.toml');
  const text = (textAt(state, file) ?? '').replace(/^\s*#.*$/gm, '');
  const own = /^requires-python\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
  const section = /^\[tool\.poetry\.dependencies\]([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text)?.[1];
  const old = /^python\s*=\s*["']([^"']+)["']/m.exec(section ?? '')?.[1];
  const clause = poetry ? (old ?? own) : own;
  if (clause === undefined || admits(clause, Number(minor)) !== false) return undefined;
  return {
    asked: `Python ${clause}`,
    there: `Python ${version}`,
    file,
    says: poetry ? 'not supported by the project' : 'requires a different Python',
    reasons: state.languages.get('python')?.because ?? [],
  };
}

/** Whether a clause lets Python 3.`minor` in, whatever its patch; undefined where it is not understood. */
function admits(clause: string, minor: number): boolean | undefined {
  if (/\|\|/.test(clause)) return undefined;
  let all: boolean | undefined = true;
  for (const part of clause
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)) {
    const [, operator = '', major, at, patch] =
      /^(>=|<=|<|>|==|~=|\^|~)?\s*(\d+)(?:\.(\d+))?(?:\.(\d+|\*))?$/.exec(part) ?? [];
    if (major !== '3' && major !== '4') return undefined;
    const bound = Number(at ?? 0);
    if (major === '4') {
      if (operator !== '<' && operator !== '<=') return undefined;
      continue;
    }
    const exact = patch !== undefined && patch !== '*' && patch !== '0';
    const holds =
      operator === '>=' || operator === '^'
        ? minor >= bound
        : operator === '>'
          ? exact
            ? minor >= bound
            : minor > bound
          : operator === '<'
            ? exact
              ? minor <= bound
              : minor < bound
            : operator === '<='
              ? minor <= bound
              : operator === '~' || operator === '==' || operator === ''
                ? at === undefined || minor === bound
                : operator === '~='
                  ? patch === undefined
                    ? minor >= bound
                    : minor === bound
                  : undefined;
    if (holds === undefined) return undefined;
    if (!holds) all = false;
  }
  return all;
}
