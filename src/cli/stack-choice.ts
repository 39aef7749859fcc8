import type { Model, Stack } from '../model/types.ts';
import type { StackChoice } from '../prove/options.ts';

/** What is built and run in a proof. */
export interface ChosenStack {
  /** The model's id of the stack, as findings list it. */
  readonly id: string;
  /** How people call it: the files joined by ` + `. */
  readonly name: string;
  readonly files: readonly string[];
  readonly choice: StackChoice;
  /** The service that builds a target, by the target's id. */
  serviceOf(target: string | undefined): string | undefined;
}

/** The combination asked for, else the production one, else the first that is not for development, else all targets without compose. */
export function chooseStack(
  model: Model,
  wanted: readonly string[] | undefined,
  profiles: readonly string[] | undefined,
): ChosenStack | undefined {
  const composed = model.stacks.filter((s) => s.files.length > 0);
  const asked =
    wanted === undefined || wanted.length === 0
      ? undefined
      : composed.find((s) => s.files.join('+') === wanted.join('+'));
  if (asked === undefined && wanted !== undefined && wanted.length > 0) {
    return {
      id: wanted.join('+'),
      name: wanted.join(' + '),
      files: wanted,
      choice: { files: wanted, ...(profiles === undefined ? {} : { profiles }) },
      serviceOf: () => undefined,
    };
  }
  const builds = (s: Stack): boolean => s.services.some((v) => v.target !== undefined);
  const stack =
    asked ??
    composed.find((s) => s.production && builds(s)) ??
    composed.find((s) => !s.development && builds(s)) ??
    composed.find(builds) ??
    composed[0];
  if (stack !== undefined) {
    return {
      id: stack.id,
      name: stack.files.join(' + '),
      files: stack.files,
      choice: { files: stack.files, ...(profiles === undefined ? {} : { profiles }) },
      serviceOf: (target) => stack.services.find((s) => s.target !== undefined && s.target.id === target)?.name,
    };
  }
  const bare = model.stacks.filter((s) => s.files.length === 0);
  const targets = bare.flatMap((s) =>
    s.services.flatMap((v) => (v.target === undefined ? [] : [{ name: v.name, target: v.target }])),
  );
  if (targets.length === 0) return undefined;
  const used = new Set<string>();
  const named = targets.map(({ name, target }) => {
    let unique = name;
    for (let n = 2; used.has(unique); n++) unique = `${name}${n}`;
    used.add(unique);
    return { name: unique, target };
  });
  return {
    id: bare[0]?.id ?? '',
    name: named.map((t) => t.target.dockerfile.file).join(' + '),
    files: [],
    choice: {
      targets: named.map(({ name, target }) => ({
        name,
        dockerfile: target.dockerfile.file,
        context: target.contextDir,
        ...(target.stage === undefined ? {} : { stage: target.stage }),
        args: Object.fromEntries([...target.args].flatMap(([key, value]) => (value.known ? [[key, value.value]] : []))),
      })),
    },
    serviceOf: (target) => named.find((t) => t.target.id === target)?.name,
  };
}
