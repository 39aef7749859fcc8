import { readDotenv } from '../compose/dotenv.ts';
import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';
import { templateValue } from './template-value.ts';

/** A variable that a service gets from the template of an env file, for whoever copies that as it is. */
export interface TemplateEntry {
  readonly name: string;
  readonly value: string;
  /** In the template. */
  readonly at: Place;
}

/** What templates say for variables of a service that nothing in the repository sets. */
export function templateEntries(service: Service): readonly TemplateEntry[] {
  const { repo } = service.stack;
  const found = new Map<string, TemplateEntry>();
  for (const use of service.compose.envFiles) {
    const text = use.state === 'by-design' && use.example !== undefined ? repo.text(use.example) : undefined;
    if (text === undefined || use.example === undefined) continue;
    for (const { name, value, at } of readDotenv(use.example, text, () => undefined).entries.values())
      if (value !== undefined && value !== '') found.set(name, { name, value, at });
  }
  for (const [name, { value, at, origin }] of service.env) {
    if (origin !== 'compose') continue;
    // What compose sets goes before the env file.
    found.delete(name);
    const template = value.known || at === undefined ? undefined : templateValue(service.stack, at);
    if (template !== undefined && 'at' in template.reason)
      found.set(name, { name, value: template.value, at: template.reason.at });
  }
  return [...found.values()];
}

/** A remark in the template beside the entry that tells of another value in containers. */
export function remarkBeside(service: Service, { at }: TemplateEntry): boolean {
  const lines = service.stack.repo.text(at.file)?.split('\n') ?? [];
  return lines
    .slice(Math.max(0, at.line - 5), at.line + 3)
    .some((line) => /#.*\b(?:docker|container|compose|local(?:ly)?\b|host)/i.test(line));
}
