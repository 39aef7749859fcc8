import type { Call, Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord } from './node-project.ts';
import { because } from './paths.ts';
import { projectAt } from './python-build.ts';

/** A group or extra that an option of an install asks for, or leaves out, and that the project does not declare: Poetry 1.8 and 2.5
 * and uv 0.13 stop for it (Poetry below 2 is not judged: older ones did not; measured on 2026-11-21). */
export function groupFailure(
  call: Call,
  state: ImageState,
  folder: string,
  flags: readonly string[],
  tool: 'poetry' | 'uv',
): Failure | undefined {
  const data = projectAt(state, folder);
  if (data === undefined) return undefined;
  const own = isRecord(data['tool']) && isRecord(data['tool']['uv']) ? data['tool']['uv'] : {};
  // Members of a workspace have groups of their own.
  if (tool === 'uv' && (own['workspace'] !== undefined || flags.some((flag) => /^--(all-)?package/.test(flag))))
    return undefined;
  const options = tool === 'poetry' ? POETRY : UV;
  const declared = groupsOf(data, tool);
  for (const [i, flag] of flags.entries()) {
    const [name = '', inline] = flag.split('=', 2);
    if (!options.test(name)) continue;
    const asked = (inline ?? flags[i + 1] ?? '').split(tool === 'poetry' ? /[,\s]+/ : ',');
    const missing = asked.find((group) => /^[\w-]+$/.test(group) && !declared.has(normal(group)));
    if (missing === undefined) continue;
    const path = joinPath(folder, 'pyproject.toml');
    return {
      kind: 'group-missing',
      at: call.at,
      subject: missing,
      text: `${tool} stops at ${name} ${missing}: ${path} has no such group`,
      because: [...because(state, path), call.reason],
      says: tool === 'poetry' ? 'Group(s) not found' : `Group \`${missing}\` is not defined`,
      detail: { group: missing, tool, path },
    };
  }
  return undefined;
}

const POETRY = /^--(with|without|only)$/;
const UV = /^--(group|no-group|only-group)$/;

function groupsOf(data: Record<string, unknown>, tool: 'poetry' | 'uv'): ReadonlySet<string> {
  const table = (value: unknown) => (isRecord(value) ? value : {});
  const own = table(data['tool']);
  const poetry = table(own['poetry']);
  const names = Object.keys(table(data['dependency-groups']));
  if (tool === 'uv') names.push(...(table(own['uv'])['dev-dependencies'] === undefined ? [] : ['dev']));
  else {
    names.push('main', ...Object.keys(table(poetry['group'])));
    if (poetry['dev-dependencies'] !== undefined) names.push('dev');
  }
  return new Set(names.map(normal));
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
