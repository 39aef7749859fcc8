import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { dataTable } from '../text/data.ts';

interface PythonTable {
  readonly date: string;
  readonly packages: Readonly<Record<string, { readonly v: string; readonly s?: string; readonly n?: string }>>;
}

/** Libraries that pure Python packages load by name at run time (`ctypes.util.find_library`), from their documentation and
 * source: the package, and each library with the Debian and Alpine packages that hold it. */
const LOADED: Readonly<Record<string, readonly string[]>> = {
  'python-magic': ['libmagic.so.1'],
  weasyprint: [
    'libgobject-2.0.so.0',
    'libpango-1.0.so.0',
    'libpangoft2-1.0.so.0',
    'libharfbuzz.so.0',
    'libfontconfig.so.1',
  ],
  cairosvg: ['libcairo.so.2'],
  cairocffi: ['libcairo.so.2'],
  psycopg: ['libpq.so.5'],
  pyzbar: ['libzbar.so.0'],
  soundfile: [],
  pyenchant: ['libenchant-2.so.2'],
  pdfkit: [],
};

/** Programs that packages start: missing, they fail when the function is used. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  pdf2image: ['pdftoppm', 'pdfinfo'],
  pytesseract: ['tesseract'],
  pdfkit: ['wkhtmltopdf'],
  'ffmpeg-python': ['ffmpeg'],
  pydub: ['ffmpeg'],
  gitpython: ['git'],
};

/** What has to be there to build a package that has no wheel on PyPI (or none for this platform). */
const BUILDS: Readonly<Record<string, readonly string[]>> = {
  psycopg2: ['pg_config', 'gcc'],
  mysqlclient: ['pkg-config', 'gcc'],
  'python-ldap': ['gcc'],
  uwsgi: ['gcc'],
  pygobject: ['pkg-config', 'gcc'],
  pycairo: ['pkg-config', 'gcc'],
  pyaudio: ['gcc'],
  dlib: ['gcc'],
  'llama-cpp-python': ['gcc'],
  annoy: ['gcc'],
  hnswlib: ['gcc'],
  fasttext: ['gcc'],
};

function entry(name: string): { readonly v: string; readonly s?: string; readonly n?: string } | undefined {
  const packages = dataTable<PythonTable>('packages/python').packages;
  const normal = normalName(name);
  return Object.hasOwn(packages, normal) ? packages[normal] : undefined;
}

function reason(name: string): Reason {
  const version = entry(name)?.v;
  const { date } = dataTable<PythonTable>('packages/python');
  return { kind: 'package-table', ref: `wheels of ${date}`, text: version ? `${name} ${version}` : name };
}

/** PEP 503: `Foo.Bar_baz` → `foo-bar-baz`. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Names of the console scripts that a distribution puts into `bin/`. Unknown for distributions that are not in the table. */
export function pipScripts(name: string): Fact<readonly string[]> {
  const item = entry(name);
  if (!item) return unknown(`the scripts of ${name} are not listed`);
  return known(item.s?.split(',') ?? [], reason(name));
}

/** Shared libraries of the system that a distribution loads at run time and its wheel does not carry. */
export function pipLibraries(name: string): Fact<readonly string[]> {
  const normal = normalName(name);
  const loaded = Object.hasOwn(LOADED, normal) ? LOADED[normal] : undefined;
  const item = entry(name);
  if (!item && !loaded) return unknown(`the libraries that ${name} needs are not listed`);
  return known([...(item?.n?.split(',') ?? []), ...(loaded ?? [])], reason(name));
}

/** Programs that a distribution starts at run time; empty where none is known. */
export function pipPrograms(name: string): readonly string[] {
  const normal = normalName(name);
  return Object.hasOwn(PROGRAMS, normal) ? (PROGRAMS[normal] ?? []) : [];
}

/** Commands that must be there to build a distribution that PyPI has no wheel of; empty where none is known. */
export function pipBuildCommands(name: string): readonly string[] {
  const normal = normalName(name);
  return Object.hasOwn(BUILDS, normal) ? (BUILDS[normal] ?? []) : [];
}

/** Distributions whose console scripts have a given name: who would bring a missing `uvicorn`. */
export function pipProvidersOf(script: string): readonly string[] {
  const { packages } = dataTable<PythonTable>('packages/python');
  return Object.entries(packages)
    .filter(([, item]) => item.s?.split(',').includes(script))
    .map(([name]) => name)
    .sort();
}
