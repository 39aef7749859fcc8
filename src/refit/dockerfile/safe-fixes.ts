import { type Part, part } from '../../plan/plan.ts';
import type { Edit } from '../../text/edit.ts';
import { APP_ID, type ImageInput } from '../input.ts';
import { jsonForm } from './commands.ts';
import { healthCommand } from './health.ts';
import { execForm } from './pieces.ts';

/** Small repairs of a Dockerfile by span. They follow from what is known and change nothing but the fault. */
export function safeFixes(image: ImageInput, language: 'python' | 'node' | 'nginx'): readonly Part[] {
  const { dockerfile } = image;
  const { file, text } = dockerfile;
  const last = dockerfile.stages.at(-1);
  if (last === undefined) return [];
  const out: Part[] = [];
  const add = (kind: string, title: string, why: string, rules: readonly string[], edits: readonly Edit[]): void => {
    if (edits.length > 0)
      out.push(part({ id: `${kind}:${file}`, title: `${file}: ${title}`, why, tier: 'safe', rules, edits }));
  };

  const health = last.instructions.findLast((item) => item.keyword === 'HEALTHCHECK');
  if (
    health?.keyword === 'HEALTHCHECK' &&
    health.kind === 'command' &&
    image.port !== undefined &&
    image.healthPath !== undefined &&
    language !== 'nginx'
  ) {
    const asked = health.argv?.map((word) => word.text).join(' ') ?? health.script?.text ?? '';
    const [, port = '80', path = '/'] =
      /https?:\/\/(?:localhost|127\.0\.0\.1)(?::(\d+))?(\/[^\s"'|)]*)?/.exec(asked) ?? [];
    const wrongTool = /^\s*(curl|wget)\b/.test(asked);
    const simple = wrongTool && /^\s*(curl|wget)\s[^|&;]*(\|\|\s*exit\s+1)?\s*$/.test(asked);
    if (simple && (wrongTool || path !== image.healthPath || Number(port) !== image.port)) {
      const start = text.indexOf('CMD', health.flags.at(-1)?.span.end ?? health.keywordSpan.end);
      add(
        'health',
        `ask ${image.healthPath} without ${/curl/.test(asked) ? 'curl' : 'wget'}`,
        `The image has ${language} anyway; the application answers on ${image.healthPath}.`,
        ['health-tool-missing', 'health-route-missing'],
        [
          {
            file,
            start,
            end: health.span.end,
            text: `CMD ${jsonForm(healthCommand(language, image.port, image.healthPath))}`,
          },
        ],
      );
    }
  }

  const command = last.instructions.findLast((item) => item.keyword === 'CMD');
  const shell = last.instructions.some((item) => item.keyword === 'SHELL' || item.keyword === 'ENTRYPOINT');
  if (command?.keyword === 'CMD' && !shell) {
    const form = execForm(command, (argv) => argv);
    const now = command.form === 'exec' ? jsonForm(command.argv?.map((word) => word.text) ?? []) : undefined;
    if (form !== undefined && form !== now) {
      add(
        'exec',
        'start the application itself, not a shell',
        'In the shell form /bin/sh is process 1 and does not pass SIGTERM on: each stop takes ten seconds and ends with SIGKILL.',
        ['shell-form-command'],
        [{ file, start: command.span.start, end: command.span.end, text: `CMD ${form}` }],
      );
    }
  }

  for (const stage of dockerfile.stages) {
    const base = stage.from.image.text;
    const taken = /(^|\/)node(:|@|$)/.test(base) ? ['1000'] : [];
    for (const item of stage.instructions) {
      if (item.keyword !== 'RUN' || taken.length === 0) continue;
      const edits = takenIds(item.span, text, file, taken);
      add(
        `id-${item.index}`,
        `give the user an id that is free`,
        `User and group ${taken.join(', ')} are \`node\` in ${base}.`,
        ['id-taken'],
        edits,
      );
    }
  }
  return out;
}

/** The numbers behind `-u`, `-g` and their long forms where they name an id that the base image has given away. */
function takenIds(
  span: { readonly start: number; readonly end: number },
  text: string,
  file: string,
  taken: readonly string[],
): readonly Edit[] {
  const body = text.slice(span.start, span.end);
  const edits: Edit[] = [];
  for (const match of body.matchAll(/\b(groupadd|useradd|addgroup|adduser)\b[^&|;\n]*/g)) {
    for (const id of match[0].matchAll(/(-[ug]\s+|--[ug]id[= ])(\d+)\b/g)) {
      if (!taken.includes(id[2] ?? '')) continue;
      const start = span.start + match.index + id.index + (id[1] ?? '').length;
      edits.push({ file, start, end: start + (id[2] ?? '').length, text: String(APP_ID) });
    }
  }
  return edits;
}
