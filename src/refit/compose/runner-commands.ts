import type { Edit } from '../../text/edit.ts';
import type { ImageInput, RefitInput } from '../input.ts';
import { ComposeText } from './compose-text.ts';

const RUNNER = /^(?:uv|poetry) run (?:--(?:frozen|locked|no-sync|no-dev|no-cache) )*(?!-)/;

/** Compose commands of an image that no longer holds its installer: `uv run x` is `x` there. A text says where it cannot be
 * taken off, so that the image must stay as it is. */
export function runnerCommands(input: RefitInput, image: ImageInput): readonly Edit[] | string {
  const edits = new Map<string, Edit>();
  for (const stack of input.stacks) {
    for (const name of stack.files) {
      const file = new ComposeText(name, input.repo.text(name) ?? '');
      for (const service of stack.services.filter((item) => item.dockerfile === image.dockerfile.file)) {
        for (const key of ['command', 'entrypoint']) {
          const value = file.service(service.name)?.[key];
          const text = Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : '';
          if (!/\b(uv|poetry)\b/.test(text)) continue;
          const scalar = file.scalar(service.name, key);
          if (
            scalar === undefined ||
            !RUNNER.test(scalar.text) ||
            /\b(uv|poetry)\b/.test(scalar.text.replace(RUNNER, ''))
          ) {
            return `${name} starts ${service.name} with \`${text.slice(0, 60)}\`, which needs the installer in the image`;
          }
          scalar.replace(scalar.text.replace(RUNNER, ''));
        }
      }
      for (const edit of file.edits) edits.set(`${edit.file}:${edit.start}`, edit);
    }
  }
  const folder = image.contextDir === '' ? '' : `${image.contextDir}/`;
  const script = input.repo
    .files()
    .find(
      (file) =>
        file.startsWith(folder) &&
        /\.sh$|entrypoint[\w.-]*$/.test(file) &&
        /\b(uv|poetry) run\b/.test(input.repo.text(file) ?? ''),
    );
  return script === undefined
    ? [...edits.values()]
    : `${script} calls the installer, which the image would no longer have`;
}
