import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import { type EnvRead, type EnvReads, secretName } from '../env-read.ts';
import { atImport, demandOf } from '../program/demands.ts';
import type { Expr } from '../program/ir.ts';
import type { CallSite, Module, Use } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, NO_ENVIRONMENT, textOf, type Value } from '../program/value.ts';
import { argument } from './arguments.ts';
import { isSettings, settingsConfig, settingsFields } from './settings.ts';

/** The environment as a whole: `dict(os.environ)`, `**os.environ`, `os.environ.items()`; not one name of it. */
const WHOLE = /(?<!["']\s(?:not\s)?in\s)\bos\.environ\b(?!\s*(?:\[|\.(?:get|setdefault|pop|update|clear)\b))/;

const OPEN = /^(os\.environ|environ|os\.environ\.(items|keys|values|copy))(\(\))?$/;

/** Environment reads of Python modules. `reached`: modules that the entry imports; undefined: no entry is known. */
export function pythonEnvironment(
  program: Program,
  modules: readonly Module[],
  reached: ReadonlySet<Module> | undefined,
): EnvReads {
  const reader = new Reader(program, reached);
  for (const module of modules) reader.module(module);
  return { reads: reader.reads, files: reader.files, secretFolders: reader.folders, open: reader.open };
}

class Reader {
  readonly program: Program;
  readonly reached: ReadonlySet<Module> | undefined;
  readonly reads: EnvRead[] = [];
  readonly files: { path: Fact<string>; at: EnvRead['at'] }[] = [];
  readonly folders: { path: string; at: EnvRead['at'] }[] = [];
  readonly open: Reason[] = [];

  constructor(program: Program, reached: ReadonlySet<Module> | undefined) {
    this.program = program;
    this.reached = reached;
  }

  module(module: Module): void {
    if (!/environ|getenv|Settings|config|dotenv|env\b/i.test(module.text)) return;
    const whole = WHOLE.exec(module.text);
    if (whole !== null) {
      const at = module.place({ from: whole.index, to: whole.index + whole[0].length });
      this.open.push({ kind: 'source', at, text: 'hands on the whole environment' });
    }
    for (const site of module.calls) this.call(module, site);
    for (const use of module.members) if (use.expr.k === 'index') this.index(module, use, use.expr);
    for (const [cls, scope] of module.classes) {
      const owner: Value = { t: 'class', cls, scope: scope.parent ?? scope };
      if (isSettings(this.program, owner)) this.settings(module, owner);
    }
  }

  call(module: Module, site: CallSite): void {
    const { call, scope } = site;
    const { callee } = call;
    const last = callee.k === 'name' || callee.k === 'member' ? callee.name : '';
    if (/^(load_dotenv|read_env|read_envfile|dotenv_values)$/.test(last)) {
      const given = argument(call, 'dotenv_path', 0) ?? argument(call, 'env_file', 0);
      const path = given ? textOf(this.program.evaluate(given.value, scope), NO_ENVIRONMENT) : known('.env');
      this.files.push({ path, at: module.place(call) });
      return;
    }
    const value = this.program.evaluate(call, scope);
    const name = describe(this.program.evaluate(callee, scope)) ?? '';
    if (/^starlette\.config\.Config$/.test(name) && call.args[0] !== undefined)
      this.files.push({
        path: textOf(this.program.evaluate(call.args[0].value, scope), NO_ENVIRONMENT),
        at: module.place(call),
      });
    if (value.t === 'unknown' && value.why === 'a variable with a computed name')
      this.open.push({ kind: 'source', at: module.place(call), text: 'reads a variable with a computed name' });
    if (
      value.t !== 'env' ||
      value.from.kind !== 'source' ||
      value.from.at.line !== module.place(call).line ||
      !/(getenv|environ|config|Env\(\)|get_key)/.test(name) ||
      name.startsWith('.')
    )
      return;
    const through = name.startsWith('os.')
      ? name.replace(/\.(get|pop|setdefault)$/, '')
      : name.startsWith('environ.')
        ? 'django-environ'
        : name.startsWith('environs')
          ? 'environs'
          : name.startsWith('decouple')
            ? 'python-decouple'
            : name;
    // It looks for both beside the module that asks, and in the folders above.
    if (through === 'python-decouple' && !this.files.some(({ at }) => at.file === module.place(call).file))
      for (const path of ['.env', 'settings.ini']) this.files.push({ path: known(path), at: module.place(call) });
    const must =
      through === 'django-environ' ||
      through === 'environs' ||
      through === 'python-decouple' ||
      through.startsWith('starlette.config');
    this.add(module, call, site, value, through, must, last);
  }

  index(module: Module, use: Use, expr: Expr): void {
    const value = this.program.evaluate(expr, use.scope);
    if (value.t === 'env' && value.from.kind === 'source') {
      const object = expr.k === 'index' ? this.program.evaluate(expr.object, use.scope) : undefined;
      if (object?.t !== 'external' || object.name !== 'os.environ') return;
      // `os.environ["X"] = value` sets; so does `del`.
      if (module.stores.some((store) => store.target === expr)) return;
      this.add(module, expr, use, value, 'os.environ', true, 'str');
    } else if (expr.k === 'index' && OPEN.test(describe(this.program.evaluate(expr.object, use.scope)) ?? '')) {
      this.open.push({ kind: 'source', at: module.place(expr), text: 'reads a variable with a computed name' });
    }
  }

  add(
    module: Module,
    expr: Expr,
    use: Omit<Use, 'expr'>,
    value: Extract<Value, { t: 'env' }>,
    through: string,
    must: boolean,
    type: string,
  ): void {
    const right = module.alternatives.get(expr);
    const fallback = value.fallback ?? (right ? this.program.evaluate(right, use.scope) : undefined);
    const demand = demandOf(module, expr, use.scope);
    const at = module.place(expr);
    const reason: Reason = { kind: 'source', at, text: `${through} reads ${value.name}` };
    let required: Fact<boolean>;
    if (demand)
      required = known(true, reason, {
        kind: 'source',
        at: module.place(demand),
        text: 'and stops when it is missing',
      });
    else if (value.fallback !== undefined) required = known(false, reason);
    else if (must && use.caught) required = unknown('an exception handler is around it', reason);
    else if (must && use.doubtful !== undefined) required = unknown(`read ${use.doubtful}`, reason);
    else if (must) required = known(true, reason);
    else if (fallback || module.tested.has(expr)) required = known(false, reason);
    else required = unknown('what happens when it is missing was not followed', reason);
    const given = fallback ? textOf(fallback, NO_ENVIRONMENT) : undefined;
    const none = !fallback || (fallback.t === 'const' && fallback.value === null);
    this.push(module, {
      name: value.name,
      ignoreCase: false,
      required,
      fallback: none ? known(null) : (given ?? known(null)),
      when: atImport(use.scope) ? 'import' : 'call',
      through,
      secretish: secretName(value.name),
      ...(/^(int|bool|float|str|list|url|db|json)$/.test(type) ? { type } : {}),
      at,
    });
  }

  settings(module: Module, owner: Extract<Value, { t: 'class' }>): void {
    const config = settingsConfig(this.program, owner);
    const place = module.place({ from: owner.cls.from, to: owner.cls.from });
    if (config.unclear !== undefined) return void this.open.push({ kind: 'source', at: place, text: config.unclear });
    for (const file of config.files)
      if (!(file.expr.k === 'const' && file.expr.value === null))
        this.files.push({
          path: textOf(this.program.evaluate(file.expr, file.scope), NO_ENVIRONMENT),
          at: file.scope.module.place(file.expr),
        });
    if (config.secretsDir) {
      const path = textOf(this.program.evaluate(config.secretsDir.expr, config.secretsDir.scope), NO_ENVIRONMENT);
      if (path.known)
        this.folders.push({ path: path.value, at: config.secretsDir.scope.module.place(config.secretsDir.expr) });
    }
    const made = this.constructions(owner);
    for (const field of settingsFields(this.program, owner)) {
      const at = field.scope.module.place(field.at);
      const reason: Reason = {
        kind: 'source',
        at,
        text: `${owner.cls.name ?? 'the settings'} reads ${field.variables[0] ?? field.field}`,
      };
      const text = field.fallback
        ? textOf(this.program.evaluate(field.fallback, field.scope), NO_ENVIRONMENT)
        : known(null);
      let required: Fact<boolean>;
      if (!field.required) required = known(false, reason);
      else if (field.variables.length > 1) required = unknown('any of several names will do', reason);
      else if (!made) required = unknown('where the settings are made was not found', reason);
      else if (made.caught || made.doubtful !== undefined) required = unknown('the settings may not be made', reason);
      else if (made.given.has(field.field)) required = known(false, reason);
      else
        required = known(true, reason, {
          kind: 'source',
          at: made.module.place(made.span),
          text: 'the settings are made here',
        });
      for (const name of field.variables) {
        const type = field.annotation
          ? field.scope.module.text.slice(field.annotation.from, field.annotation.to)
          : undefined;
        this.push(module, {
          name: config.ignoreCase ? name.toUpperCase() : name,
          ignoreCase: config.ignoreCase,
          required,
          fallback: field.fallback?.k === 'const' && field.fallback.value === null ? known(null) : text,
          when: made?.atImport ? 'import' : 'call',
          through: 'pydantic-settings',
          secretish: secretName(name) || /Secret(Str|Bytes)/.test(type ?? ''),
          ...(type === undefined ? {} : { type }),
          at,
        });
      }
    }
  }

  /** Where an object of the settings class is made; one that runs at import wins. */
  constructions(owner: Extract<Value, { t: 'class' }>) {
    const sites = this.program.callers.calls(owner.cls.name ?? '').filter(({ call, scope }) => {
      const value = this.program.evaluate(call.callee, scope);
      return value.t === 'class' && value.cls === owner.cls;
    });
    const best = sites.find((site) => this.runsAtImport(site)) ?? sites[0];
    if (!best) return undefined;
    const given = new Set(best.call.args.flatMap((arg) => (arg.name === undefined ? [] : [arg.name])));
    return {
      module: best.scope.module,
      span: best.call,
      given,
      caught: best.caught || best.call.args.some((arg) => arg.spread > 0),
      doubtful: best.doubtful,
      atImport: this.runsAtImport(best),
    };
  }

  /** Directly at module level, or in a function (`get_settings`) that is called there. */
  runsAtImport(site: CallSite): boolean {
    if (atImport(site.scope)) return true;
    const { fn } = site.scope;
    return (
      fn?.name !== undefined &&
      site.scope.parent?.fn === undefined &&
      this.program.callers
        .callsOf(fn, site.scope)
        .some((caller) => atImport(caller.scope) && caller.doubtful === undefined)
    );
  }

  push(module: Module, read: EnvRead): void {
    this.reads.push(this.reached ? { ...read, reached: this.reached.has(module) } : read);
  }
}
