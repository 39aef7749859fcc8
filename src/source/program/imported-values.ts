import type { Module } from './module.ts';
import type { Program } from './program.ts';
import type { Value } from './value.ts';

/** What a name means that a module imports. */
export function importValue(program: Program, module: string, name: string, from: Module): Value {
  // Modules that import from each other in a circle.
  return program.guarded(`${from.path}\0${module}\0${name}`, () => imported(program, module, name, from));
}

function imported(program: Program, module: string, name: string, from: Module): Value {
  const found = program.language.resolve(module, from);
  switch (found.r) {
    case 'external':
      return {
        t: 'external',
        name:
          name === '*' || name === 'default'
            ? found.name
            : name === '*package'
              ? (found.name.split('.')[0] ?? found.name)
              : `${found.name}.${name}`,
      };
    case 'missing':
    case 'unknown':
      return { t: 'unknown', why: found.why };
    case 'package':
      if (name === '*') return { t: 'package', path: found.path };
      if (name === '*package') return importTop(program, module, from);
      return (
        program.language.packageMember(program, found.path, name) ?? { t: 'unknown', why: `${module} has no ${name}` }
      );
    case 'file': {
      if (name === '*package') return importTop(program, module, from);
      const loaded = program.load(found.path);
      if (!loaded) return { t: 'unknown', why: `${found.path} cannot be read` };
      if (name === '*') return program.language.member(program, loaded, '*') ?? { t: 'module', module: loaded };
      const value = program.language.member(program, loaded, name);
      return value ?? { t: 'unknown', why: `${module} has no ${name}` };
    }
  }
}

function importTop(program: Program, module: string, from: Module): Value {
  const top = module.split('.')[0] ?? module;
  return top === module ? { t: 'unknown', why: 'not found' } : importValue(program, top, '*', from);
}
