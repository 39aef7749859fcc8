import { change } from '../change.ts';
import { type CommandModel, type Failure, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { parseOptions, rest } from './options.ts';
import { absolute, denied, kindAt, noSuchFile, pathOf } from './paths.ts';

const SPEC = {
  flags: 'r recursive=r R=r f force=f v verbose=v d dir=d i I one-file-system preserve-root no-preserve-root',
};

/** rm. A pattern that could not be expanded because the directory is not fully known empties it (`lists/*`) or leaves doubt. */
export const rm: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  if (!options || (options.operands.length === 0 && !options.has('f'))) return undefined;
  const result = change(state, call.reason);
  const effects: string[] = [];
  const failures: Failure[] = [];
  const kept: string[] = [];
  for (const operand of options.operands) {
    if (!operand.value.known && operand.pattern !== undefined) {
      const slash = operand.pattern.lastIndexOf('/');
      const folder = absolute(call, {
        known: true,
        value: operand.pattern.slice(0, Math.max(slash, 0)) || (slash === 0 ? '/' : '.'),
        because: [],
      });
      if (!folder.known || /[*?[]/.test(folder.value)) return undefined;
      if (operand.pattern.slice(slash + 1) === '*' && options.has('r')) result.empty(folder.value);
      else if (kindAt(result.state, folder.value) !== 'absent') {
        result.assumeBelow(folder.value, `rm removes ${operand.pattern} in it`);
        for (const path of matching(result.state, folder.value, operand.pattern.slice(slash + 1))) result.remove(path);
      }
      effects.push(`removes ${operand.pattern}`);
      continue;
    }
    const path = pathOf(call, operand);
    if (!path.known || path.value === '/') return undefined;
    const kind = kindAt(result.state, path.value, false);
    if (kind === 'directory' && operand.value.known && /(^|\/)\.\.?\/*$/.test(operand.value.value)) {
      const text = `rm refuses to remove ${operand.value.value}`;
      const says = "'.' or '..'";
      failures.push({ kind: 'other', at: operand.at, subject: path.value, text, because: [call.reason], says });
      continue;
    }
    if (kind === 'absent') {
      if (options.has('f')) continue;
      const text = `rm without -f stops: ${path.value} does not exist`;
      failures.push(noSuchFile(call, result.state, path.value, text, 'No such file or directory'));
      continue;
    }
    if (kind === 'directory' && !options.has('r')) {
      // -d removes a folder that is empty; BusyBox does not know it.
      if (options.has('d')) return undefined;
      failures.push({
        kind: 'other',
        at: operand.at,
        subject: path.value,
        text: `rm without -r stops: ${path.value} is a directory`,
        because: [...result.state.tree.lookup(path.value).because, call.reason],
        says: 's a directory',
        detail: { path: path.value },
      });
      continue;
    }
    const refused = kind === 'unknown' ? undefined : denied(call, result.state, path.value, 'rm');
    if (refused) {
      failures.push(refused);
      kept.push(path.value);
      continue;
    }
    result.remove(path.value);
    effects.push(`removes ${path.value}`);
  }
  if (failures.length > 0) {
    // What it may remove it has removed, although it fails.
    const repaired = change(result.state, call.reason);
    for (const path of kept) repaired.remove(path);
    return failed(result.state, failures, { repaired: repaired.state, effects });
  }
  return succeeded(result.state, effects, options.has('v') ? undefined : '');
};

/** Files of a folder that a pattern certainly matches: whatever else is there, these are gone. */
function matching({ tree }: ImageState, folder: string, pattern: string): readonly string[] {
  const listed = tree.list(folder);
  if (!listed.known || /[^\w.*-]/.test(pattern)) return [];
  const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return listed.value.names
    .filter((name) => expression.test(name) && (!name.startsWith('.') || pattern.startsWith('.')))
    .map((name) => joinPath(folder, name))
    .filter((path) => {
      const found = tree.lookup(path, { follow: false });
      return found.known && found.value.type === 'file';
    });
}

/** unlink FILE. */
export const unlink: CommandModel = (call, state) => {
  const [operand] = rest(call);
  const path = operand ? pathOf(call, operand) : undefined;
  if (!path?.known || kindAt(state, joinPath('/', path.value), false) !== 'file') return undefined;
  return succeeded(change(state, call.reason).remove(path.value).state, [`removes ${path.value}`], '');
};
